"""Badges: pictures of one number, each behind a token that reads only this number."""
