"""Single values of GitHub's JSON: present and of the right type, or an error with a stable reason.

Owns how a missing or malformed value is reported. Pure.
"""

from collections.abc import Mapping
from datetime import datetime

from ingest import instant
from ingest.errors import InvalidAlertError
from ingest.events.alert_event import cut_label

JsonObject = Mapping[str, object]


def mapping(holder: JsonObject, name: str) -> JsonObject:
    """Return an object, or raise InvalidAlertError with the reason `<name>_missing`."""
    value = holder.get(name)
    if not isinstance(value, dict):
        raise InvalidAlertError(f"{name}_missing")
    return value


def mapping_or_empty(value: object) -> JsonObject:
    """Return an object, or an empty one in place of any other value."""
    return value if isinstance(value, dict) else {}


def text(holder: JsonObject, name: str, reason: str) -> str:
    """Return a text, or raise InvalidAlertError with the reason."""
    value = holder.get(name)
    if not isinstance(value, str):
        raise InvalidAlertError(reason)
    return value


def text_or_none(value: object) -> str | None:
    """Return a text that is not empty, or None in place of any other value."""
    return value if isinstance(value, str) and value else None


def label(value: object, longest: int) -> str | None:
    """Return the printable part of a text, cut to `longest` UTF-8 bytes, or None if it is empty."""
    if not isinstance(value, str):
        return None
    printable = "".join(character for character in value if character.isprintable())
    return cut_label(printable, longest) or None


def time(holder: JsonObject, name: str) -> datetime | None:
    """Return a time, or None if it is missing or null.

    Raises:
        InvalidAlertError: `<name>_invalid`.
    """
    value = holder.get(name)
    if value is None:
        return None
    try:
        return instant.parse(value)  # type: ignore[arg-type]  # a TypeError has the same reason
    except (TypeError, ValueError) as error:
        raise InvalidAlertError(f"{name}_invalid") from error
