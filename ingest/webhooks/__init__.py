"""A delivery of GitHub: signature, payload, and the event that it describes.

`delivery` is the sans-IO core; `secret_store` reads the webhook's secret.
"""
