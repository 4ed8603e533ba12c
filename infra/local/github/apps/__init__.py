"""GitHub Apps, their installations and tokens, and the deliveries of webhooks."""
