"""The signature of a delivery: an HMAC-SHA-256 of the exact bytes that GitHub sent.

Owns the check (GitHub Docs, "Validating webhook deliveries"). Pure.
"""

import hashlib
import hmac
from collections.abc import Iterable

_PREFIX = "sha256="


def is_signed(body: bytes, *, header: str | None, secrets: Iterable[str]) -> bool:
    """Return whether `X-Hub-Signature-256` is the signature of this body with one of the secrets.

    Every secret is compared, in constant time. An empty secret never matches.
    """
    if header is None or not header.startswith(_PREFIX) or not header.isascii():
        return False
    signature = header.removeprefix(_PREFIX)
    matches = [
        hmac.compare_digest(hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(), signature)
        for secret in secrets
        if secret
    ]
    return any(matches)
