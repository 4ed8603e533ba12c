"""GitHub's webhook deliveries: the signature, the payload, and the event that it describes.

`delivery` is the core without I/O. `signature` checks the HMAC, `payload` reads GitHub's JSON,
`secret_store` reads the secrets that can sign a delivery, and `connected_apps` describes the GitHub
Apps among them.
"""
