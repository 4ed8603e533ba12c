"""The anonymous download of GitHub's meta document.

Owns which addresses are trusted, and the limits of time and size.
"""

import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

from ingest.errors import HookRangesError

_TIMEOUT_SECONDS = 10
_LARGEST_DOCUMENT = 2_000_000
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def fetch(meta_url: str) -> bytes:
    """Return the meta document. Only HTTPS is accepted, and plain HTTP from this machine.

    The same applies to redirects.

    Raises:
        HookRangesError: `hook_ranges_unreachable`.
    """
    try:
        _refuse_plain_http(meta_url)
        request = urllib.request.Request(meta_url, headers={"User-Agent": "gcsmttr"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310
            _refuse_plain_http(response.url)
            document: bytes = response.read(_LARGEST_DOCUMENT)
    except (OSError, HTTPException, ValueError) as error:
        raise HookRangesError("hook_ranges_unreachable") from error
    return document


def _refuse_plain_http(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise ValueError("the URL must use https, or http on this machine")
