"""The values of a stored attribute, read from many rows at once.

Owns the conversion of each kind of attribute to the value of a field. A column takes the items of
any number of rows, and returns one value for each item, in the same order. Independent of fields
and of GraphQL.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import TypeVar, cast

from graphql_api.reading import attribute_values
from graphql_api.reading.attribute_values import Item
from graphql_api.vocabulary.scalars import DateTime

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

Column = Callable[[Sequence[Item]], list[T]]
"""Returns the value of one attribute for each item."""


def texts(attribute: str) -> Column[str | None]:
    """Return the column of a string, with None for rows without the attribute."""
    return lambda items: attribute_values.texts(items, attribute)


def required_texts(attribute: str) -> Column[str]:
    """Return the column of a string that every row has."""
    return cast("Column[str]", texts(attribute))


def changed_texts(attribute: str, change: Callable[[str], str]) -> Column[str | None]:
    """Return the column of a string, converted by `change`."""

    def column(items: Sequence[Item]) -> list[str | None]:
        found = attribute_values.texts(items, attribute)
        return [None if text is None else change(text) for text in found]

    return column


def required_changed_texts(attribute: str, change: Callable[[str], str]) -> Column[str]:
    """Return the column of a string that every row has, converted by `change`."""
    return cast("Column[str]", changed_texts(attribute, change))


def required_integers(attribute: str) -> Column[int]:
    """Return the column of an integer that every row has."""
    return cast("Column[int]", integers(attribute))


def integers(attribute: str) -> Column[int | None]:
    """Return the column of an integer, with None for rows without the attribute."""
    return lambda items: attribute_values.integers(items, attribute)


def floats(attribute: str) -> Column[float | None]:
    """Return the column of a number that can exceed the range of Int, with None if absent."""
    return lambda items: attribute_values.floats(items, attribute)


def timestamps(attribute: str) -> Column[DateTime]:
    """Return the column of a timestamp that every row has."""
    return cast("Column[DateTime]", texts(attribute))


def optional_timestamps(attribute: str) -> Column[DateTime | None]:
    """Return the column of a timestamp, with None for rows without the attribute."""
    return cast("Column[DateTime | None]", texts(attribute))


def members(enum: type[E], attribute: str) -> Column[E]:
    """Return the column of an enum value that every row has."""
    return cast("Column[E]", optional_members(enum, attribute))


def optional_members(enum: type[E], attribute: str) -> Column[E | None]:
    """Return the column of an enum value, with None for rows without the attribute."""
    # Calling the enum would also find its members, but takes three times as long.
    by_value: dict[str | None, E | None] = {member.value: member for member in enum}
    by_value[None] = None
    return lambda items: [by_value[value] for value in attribute_values.texts(items, attribute)]
