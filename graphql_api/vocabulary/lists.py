"""The checks of lists in arguments.

An empty list is an error: if a dashboard's selection is empty, it must show neither all alerts nor
zeros. Pure.
"""

from collections.abc import Sequence
from typing import TypeVar

from strawberry import UNSET

from graphql_api.vocabulary.errors import BadNameError, EmptyListError, quoted

MOST_NAMES = 50
"""The maximum number of values of a list."""
LONGEST_TEXT = 256
"""The maximum number of characters of a tool or a rule. Stored ones are shorter."""

T = TypeVar("T")


def distinct(values: Sequence[T] | None, name: str) -> tuple[T, ...] | None:
    """Return the distinct values of a list argument, or None if the argument is absent.

    Raises:
        EmptyListError: The list is empty.
    """
    if values is None or values is UNSET:
        return None
    if not values:
        raise EmptyListError(
            f"{name} is an empty list. Give at least one value, or leave the argument out."
        )
    return tuple(dict.fromkeys(values))


def distinct_texts(
    values: Sequence[str] | None, name: str, *, may_be_empty: bool = False
) -> tuple[str, ...] | None:
    """Return the distinct strings of a list argument, or None if the argument is absent.

    Raises:
        EmptyListError: The list is empty.
        BadNameError: A string is empty or too long, or the list has over 50 strings.
    """
    texts = distinct(values, name)
    for text in texts or ():
        if len(text) > LONGEST_TEXT or not (text or may_be_empty):
            raise BadNameError(
                f"{name} has the value {quoted(text)}, but a value must have 1 to {LONGEST_TEXT} "
                "characters."
            )
    return limited(texts, name)


def limited(texts: tuple[str, ...] | None, name: str) -> tuple[str, ...] | None:
    """Return the values of a list argument.

    Raises:
        BadNameError: The list has over 50 values.
    """
    if texts is not None and len(texts) > MOST_NAMES:
        raise BadNameError(f"{name} has {len(texts):,} values, but must have 1 to {MOST_NAMES}.")
    return texts
