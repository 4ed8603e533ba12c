"""The source addresses of GitHub's webhooks: the ranges, and their stored copy."""
