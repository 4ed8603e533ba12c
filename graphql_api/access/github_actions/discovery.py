"""The public keys that an issuer publishes: its discovery document, then its key set (JWKS).

Owns the two requests and their limits. Follows "OpenID Connect Discovery 1.0" and RFC 7517. Only
HTTPS is accepted, and plain HTTP from this machine for tests; redirects are not followed.
"""

import json
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt

if TYPE_CHECKING:
    from http.client import HTTPResponse

TIMEOUT_S = 2.0
"""Seconds for a connection, for each part of a response, and for the body of a response."""
LARGEST_DOCUMENT = 262_144
"""Bytes of a document."""
_DISCOVERY_PATH = "/.well-known/openid-configuration"
_HTTPS = "https://"
_LOOPBACK = "127.0.0.1"


class IssuerError(Exception):
    """The keys of the issuer cannot be read now. The message contains nothing of a token."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:  # noqa: ANN401
        """Return None: a redirect is an error like every other status."""


_OPENER = build_opener(_NoRedirects)


def fetch_keys(issuer: str) -> Mapping[str, jwt.PyJWK]:
    """Return the keys of an issuer for RS256 by their ids.

    Raises:
        IssuerError: A document cannot be fetched, or does not have the expected content.
    """
    document = _document(issuer + _DISCOVERY_PATH)
    address = document.get("jwks_uri")
    if document.get("issuer") != issuer or not isinstance(address, str):
        raise IssuerError("the discovery document is that of another issuer or has no jwks_uri")
    if issuer.startswith(_HTTPS) and not address.startswith(_HTTPS):
        raise IssuerError("jwks_uri is not an https address")
    try:
        keys = jwt.PyJWKSet.from_dict(_document(address))
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise IssuerError(f"the key set cannot be read: {error}") from error
    found = {
        key.key_id: key
        for key in keys
        if key.algorithm_name == "RS256"
        and isinstance(key.key_id, str)
        and key.public_key_use in (None, "sig")
    }
    if not found:
        raise IssuerError("the key set contains no key for RS256")
    return found


def _document(url: str) -> dict[str, Any]:
    try:
        _refuse_plain_http(url)
        request = Request(url, headers={"accept": "application/json", "user-agent": "gcsmttr"})  # noqa: S310
        with _OPENER.open(request, timeout=TIMEOUT_S) as response:
            document = json.loads(_body(response))
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        raise IssuerError(f"{url}: {type(error).__name__}: {error}") from error
    if not isinstance(document, dict):
        raise IssuerError(f"{url}: the document is not a JSON object")
    return document


def _body(response: "HTTPResponse") -> bytes:
    deadline = time.monotonic() + TIMEOUT_S
    body = b""
    while part := response.read1(LARGEST_DOCUMENT):
        body += part
        if len(body) > LARGEST_DOCUMENT:
            raise ValueError("the document is too large")
        if time.monotonic() > deadline:
            raise TimeoutError("the document takes too long")
    return body


def _refuse_plain_http(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == _LOOPBACK):
        return
    raise ValueError("the address must use https")
