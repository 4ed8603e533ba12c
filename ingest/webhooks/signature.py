"""The webhook's signature: an HMAC-SHA-256 of the exact bytes that GitHub sent.

Owns the check and nothing else (GitHub Docs, "Validating webhook deliveries"). Pure.
"""

import hashlib
import hmac
from collections.abc import Iterable

_PREFIX = "sha256="


def is_signed(body: bytes, *, header: str | None, secrets: Iterable[str]) -> bool:
    """Whether `X-Hub-Signature-256` was made of this body with one of these secrets.

    Every secret is tried and compared in constant time. An empty secret signs nothing.
    """
    if header is None or not header.startswith(_PREFIX) or not header.isascii():
        return False
    told = header.removeprefix(_PREFIX)
    matches = [
        hmac.compare_digest(hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(), told)
        for secret in secrets
        if secret
    ]
    return any(matches)
