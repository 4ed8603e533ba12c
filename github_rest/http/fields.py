"""Parsing of the fields of GitHub's JSON.

Owns the checks of types at the edge: a field that is missing or has another type raises
InvalidResponseError, which names the field and never contains its value. Pure.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from github_rest.errors import InvalidResponseError


def mapping(value: object, what: str) -> Mapping[str, object]:
    """Return a JSON object."""
    if not isinstance(value, dict):
        raise _invalid(what, "an object")
    return cast("Mapping[str, object]", value)


def array(value: object, what: str) -> list[object]:
    """Return a JSON array."""
    if not isinstance(value, list):
        raise _invalid(what, "an array")
    return value


def objects(value: object, what: str) -> list[Mapping[str, object]]:
    """Return a JSON array of objects."""
    return [mapping(item, what) for item in array(value, what)]


def text(holder: Mapping[str, object], name: str) -> str:
    """Return a field that is a text."""
    value = holder.get(name)
    if not isinstance(value, str):
        raise _invalid(name, "a text")
    return value


def text_or_none(holder: Mapping[str, object], name: str) -> str | None:
    """Return a field that is a text, or None if it is null or missing."""
    return None if holder.get(name) is None else text(holder, name)


def integer(holder: Mapping[str, object], name: str) -> int:
    """Return a field that is an integer."""
    value = holder.get(name)
    if type(value) is not int:
        raise _invalid(name, "an integer")
    return value


def integer_or_none(holder: Mapping[str, object], name: str) -> int | None:
    """Return a field that is an integer, or None if it is null or missing."""
    return None if holder.get(name) is None else integer(holder, name)


def flag(holder: Mapping[str, object], name: str) -> bool:
    """Return a field that is a boolean; false if it is null or missing."""
    value = holder.get(name)
    if value is not None and not isinstance(value, bool):
        raise _invalid(name, "a boolean")
    return bool(value)


def texts(holder: Mapping[str, object], name: str) -> tuple[str, ...]:
    """Return the texts of an array; none if it is null or missing."""
    value = holder.get(name)
    return tuple(item for item in array(value or [], name) if isinstance(item, str))


def instant(holder: Mapping[str, object], name: str) -> datetime:
    """Return a field that is a time, in UTC."""
    try:
        at = datetime.fromisoformat(text(holder, name))
    except ValueError as error:
        raise _invalid(name, "a time") from error
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)


def _invalid(what: str, expected: str) -> InvalidResponseError:
    return InvalidResponseError("invalid_response", f"{what} must be {expected}")
