"""The Lambda function behind /graphiql. It serves the page and its assets, which Vite builds.

This is a separate function, so that the query function does not load these files. It imports no
other module of the project, reads no table, and needs no API key. The page asks the user for a key
and keeps it in the browser tab.
"""

import base64
import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()

DIST = Path(__file__).parent / "dist"
PAGE = "index.html"
ROUTE = "/graphiql"

_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        # The editor sets its theme and the positions of lines with style elements and attributes.
        "style-src 'self' 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
    "vary": "Accept-Encoding",
}
_MEDIA_TYPES = {".js": "text/javascript", ".ttf": "font/ttf", ".svg": "image/svg+xml"}


@cache
def _files() -> dict[str, Path]:
    """Return each file that can be served, by its path below the API's address."""
    return {
        file.relative_to(DIST).as_posix().removesuffix(".gz"): file for file in DIST.rglob("*.gz")
    }


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Return the response to a GET request of the HTTP API (payload format 2.0)."""
    path = event["requestContext"]["http"]["path"]
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    response = _response(path, headers)
    logger.info("served", path=path[:200], status=response["statusCode"])
    return response


def _response(path: str, headers: dict[str, str]) -> dict[str, Any]:
    _, found, asset = path.rpartition(f"{ROUTE}/")
    if found and asset in _assets():
        return _file(
            f"graphiql/{asset}", headers, cache_control="public, max-age=31536000, immutable"
        )
    if found and not asset:
        return _redirect("../graphiql")
    if path.endswith(ROUTE):
        return _file(PAGE, headers, cache_control="no-cache")
    if path.endswith("/"):
        return _redirect("graphiql")
    return {
        "statusCode": 404,
        "headers": {
            "content-type": "application/json",
            "cache-control": "no-store",
            **_SECURITY_HEADERS,
        },
        "body": '{"message":"Not found."}',
    }


def _assets() -> frozenset[str]:
    return frozenset(
        name.removeprefix("graphiql/") for name in _files() if name.startswith("graphiql/")
    )


def _redirect(relative: str) -> dict[str, Any]:
    headers = {"location": relative, "cache-control": "no-cache", **_SECURITY_HEADERS}
    return {"statusCode": 302, "headers": headers}


def _file(name: str, headers: dict[str, str], *, cache_control: str) -> dict[str, Any]:
    compressed, etag = _content(name)
    response_headers = {
        **_SECURITY_HEADERS,
        "content-type": _content_type(name),
        "content-security-policy": _CONTENT_SECURITY_POLICY,
        "cache-control": cache_control,
        "etag": etag,
    }
    if etag in headers.get("if-none-match", ""):
        return {"statusCode": 304, "headers": response_headers}
    body = compressed
    if "gzip" in headers.get("accept-encoding", "").lower():
        response_headers["content-encoding"] = "gzip"
    else:
        body = gzip.decompress(compressed)
    return {
        "statusCode": 200,
        "headers": response_headers,
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


@cache
def _content(name: str) -> tuple[bytes, str]:
    compressed = _files()[name].read_bytes()
    return compressed, f'W/"{hashlib.sha256(compressed).hexdigest()[:32]}"'


def _content_type(name: str) -> str:
    suffix = Path(name).suffix
    media = _MEDIA_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
