"""The functions that make fields from methods and from stored attributes.

Owns the rule that every field has a description, and the types of the fields: `strawberry.field`
itself is untyped.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

from graphql_api.schema.columns import Column

T = TypeVar("T")
Resolver = TypeVar("Resolver", bound=Callable[..., Any])

COLUMN = "column"
"""The key of the column in the metadata of a field."""


def field(
    description: str, *, name: str | None = None, use_instead: str | None = None
) -> Callable[[Resolver], Resolver]:
    """Return a decorator that makes a field. `use_instead` deprecates it in favour of another."""
    decorator = strawberry.field(
        description=description, name=name, deprecation_reason=_reason(use_instead)
    )
    return cast("Callable[[Resolver], Resolver]", decorator)


def stored(
    description: str,
    column: Column[T],
    *,
    name: str | None = None,
    use_instead: str | None = None,
) -> T:
    """Return a field for a stored attribute. The options are those of `field`.

    The class annotates the field with the type of the column. The metadata of the field contains
    the column, so that code with many rows can read all their values at once.
    """
    return strawberry.field(
        resolver=lambda self: column((self.item,))[0],
        description=description,
        name=name,
        deprecation_reason=_reason(use_instead),
        metadata={COLUMN: column},
    )


def _reason(use_instead: str | None) -> str | None:
    return None if use_instead is None else f"Use {use_instead}."
