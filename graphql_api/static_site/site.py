"""The responses of a page: its document, its assets, and redirects to it.

Owns the headers for browsers and caches. Imports no other module of the project, so that the
functions of the pages load nothing else. Reads the files of one folder, and serves only files that
the build compressed.
"""

import base64
import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

PAGE = "index.html"

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "style-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
    "vary": "Accept-Encoding",
}
_MEDIA_TYPES = {".js": "text/javascript", ".ttf": "font/ttf", ".svg": "image/svg+xml"}


class StaticSite:
    """A page at `/NAME` and its assets below `/NAME/`, below any prefix.

    Args:
        dist: The folder with `index.html.gz`, and with the assets in a folder of the page's name.
        name: The name of the page, such as `graphiql`.
        policy: Directives of the Content-Security-Policy that differ from the strict ones.
    """

    def __init__(
        self, dist: Path, *, name: str, policy: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.dist = dist
        self._name = name
        directives = {**_POLICY, **policy}
        self._policy = "; ".join(f"{directive} {value}" for directive, value in directives.items())

    @cached_property
    def _contents(self) -> dict[str, tuple[bytes, str]]:
        """The compressed content and the etag of each file, by its path in the folder."""
        contents = {}
        for file in self.dist.rglob("*.gz"):
            compressed = file.read_bytes()
            etag = f'W/"{hashlib.sha256(compressed).hexdigest()[:32]}"'
            contents[file.relative_to(self.dist).as_posix().removesuffix(".gz")] = compressed, etag
        return contents

    def response(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the response to a GET request of the HTTP API (payload format 2.0)."""
        path: str = event["requestContext"]["http"]["path"]
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        _, found, asset = path.rpartition(f"/{self._name}/")
        if found and f"{self._name}/{asset}" in self._contents:
            immutable = "public, max-age=31536000, immutable"
            return self._file(f"{self._name}/{asset}", headers, cache_control=immutable)
        if found and not asset:
            return _redirect(f"../{self._name}")
        if path.endswith(f"/{self._name}"):
            return self._file(PAGE, headers, cache_control="no-cache")
        if path.endswith("/"):
            return _redirect(self._name)
        return {
            "statusCode": 404,
            "headers": {
                "content-type": "application/json",
                "cache-control": "no-store",
                **_SECURITY_HEADERS,
            },
            "body": '{"message":"Not found."}',
        }

    def _file(self, name: str, headers: Mapping[str, str], *, cache_control: str) -> dict[str, Any]:
        compressed, etag = self._contents[name]
        response_headers = {
            **_SECURITY_HEADERS,
            "content-type": _content_type(name),
            "content-security-policy": self._policy,
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


def _redirect(relative: str) -> dict[str, Any]:
    headers = {"location": relative, "cache-control": "no-cache", **_SECURITY_HEADERS}
    return {"statusCode": 302, "headers": headers}


def _content_type(name: str) -> str:
    suffix = Path(name).suffix
    media = _MEDIA_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
