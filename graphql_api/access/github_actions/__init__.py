"""Tokens of GitHub Actions (OpenID Connect), with which a workflow queries without a secret."""
