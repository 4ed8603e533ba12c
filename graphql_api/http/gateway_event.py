"""The event of an HTTP API, as far as Mangum can read it."""

from typing import Any

_UNREAD_HEADERS = frozenset({"host", "x-forwarded-port"})
"""Mangum takes them apart and fails on IPv6 addresses. Nothing here reads them."""


def readable(event: dict[str, Any]) -> dict[str, Any]:
    """Return the event without the headers on which Mangum could fail."""
    headers = {
        name: value
        for name, value in event.get("headers", {}).items()
        if name.lower() not in _UNREAD_HEADERS
    }
    return {**event, "headers": headers}
