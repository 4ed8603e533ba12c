"""The event of an HTTP API (payload format 2.0), without the headers that Mangum cannot read."""

from typing import Any

_UNREAD_HEADERS = frozenset({"host", "x-forwarded-port"})
"""Mangum parses these headers and fails on IPv6 addresses. The service does not need them."""


def readable(event: dict[str, Any]) -> dict[str, Any]:
    """Return the event without the headers that can make Mangum fail."""
    headers = {
        name: value
        for name, value in event.get("headers", {}).items()
        if name.lower() not in _UNREAD_HEADERS
    }
    return {**event, "headers": headers}
