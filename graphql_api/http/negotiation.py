"""Media types and encodings: which ones a response has, and whether a request has the right one.

Owns the parsing of `Accept` and `Content-Type` (GraphQL over HTTP, sections 5 and 6), and of
`Accept-Encoding` (RFC 9110, section 12.5.3). Pure.
"""

from functools import lru_cache
from typing import NamedTuple

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
_UTF_8 = frozenset({"utf-8", "utf8"})


class MediaRange(NamedTuple):
    """One element of an Accept header, such as `application/json;q=0.9`."""

    media: str
    quality: float
    parameters: dict[str, str]

    def covers(self, media: str) -> int:
        """Return how exactly this range matches a media type.

        3 is the exact name, 2 is `type/*`, 1 is `*/*`, and 0 means that nothing matches.
        """
        if self.media == media:
            return 3
        if self.media == f"{media.partition('/')[0]}/*":
            return 2
        return 1 if self.media in {"*/*", "*"} else 0


@lru_cache(128)
def response_type(accept: str | None) -> str | None:
    """Return the media type of the response, or None if the client accepts neither of the two.

    The default is application/json. A client gets application/graphql-response+json if it names
    this type and prefers it, or if it excludes application/json.
    """
    if accept is None or not accept.strip():
        return JSON
    ranges = [_media_range(element) for element in accept.split(",") if element.strip()]
    graphql, by_name = _quality(GRAPHQL, ranges)
    json, _ = _quality(JSON, ranges)
    if graphql > 0 and by_name and graphql >= json:
        return GRAPHQL
    if json > 0:
        return JSON
    return GRAPHQL if graphql > 0 else None


def is_json_in_utf_8(content_type: str | None) -> bool:
    """Return whether a body has the type application/json and no other charset than UTF-8."""
    if content_type is None:
        return False
    media = _media_range(content_type)
    return media.media == JSON and media.parameters.get("charset", "utf-8").lower() in _UTF_8


@lru_cache(128)
def accepts_gzip(accept_encoding: str | None) -> bool:
    """Return whether the client accepts a response that is compressed with gzip."""
    elements = (accept_encoding or "").split(",")
    codings = {coding.media: coding.quality for coding in map(_media_range, elements)}
    qualities = (codings[name] for name in ("gzip", "x-gzip", "*") if name in codings)
    return next(qualities, 0.0) > 0


def _quality(media: str, ranges: list[MediaRange]) -> tuple[float, bool]:
    """Return the quality of a media type, and whether the client names the type exactly."""
    matches = [(one.covers(media), one.quality) for one in ranges if one.covers(media)]
    if not matches:
        return 0.0, False
    exactness, quality = max(matches)
    return quality, exactness == 3


def _media_range(element: str) -> MediaRange:
    media, *rest = element.split(";")
    parameters = {}
    for parameter in rest:
        name, _, value = parameter.partition("=")
        parameters[name.strip().lower()] = value.strip().strip('"')
    try:
        quality = min(max(float(parameters.get("q", "1")), 0.0), 1.0)
    except ValueError:
        quality = 1.0
    return MediaRange(media.strip().lower(), quality, parameters)
