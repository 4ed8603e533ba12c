"""The compression of responses, which an HTTP API does not do by itself.

Owns from which size on a body is compressed. Pure.
"""

import zlib

from graphql_api.http.messages import HttpRequest, HttpResponse
from graphql_api.http.negotiation import accepts_gzip

SMALLEST_COMPRESSED = 8_192
"""Bytes of the smallest body that is compressed. A smaller one arrives as fast without."""
_LEVEL = 6
_GZIP_FORMAT = 31
"""The `wbits` of zlib for the largest window and the header of gzip, without a time."""


def compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the response with its body as gzip, if it is large and the client accepts gzip."""
    if len(response.body) < SMALLEST_COMPRESSED:
        return response
    if not accepts_gzip(request.headers.get("accept-encoding")):
        return response
    return response._replace(
        headers={**response.headers, "content-encoding": "gzip"},
        body=zlib.compress(response.body, _LEVEL, _GZIP_FORMAT),
    )
