"""How a method, or a stored attribute of a row, becomes a field: never without a description.

Owns what makes fields; `strawberry.field` itself is an untyped decorator.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

from graphql_api.schema.columns import Column

T = TypeVar("T")
Resolver = TypeVar("Resolver", bound=Callable[..., Any])

COLUMN = "column"
"""The key of a field's metadata under which its column is."""


def field(
    description: str, *, name: str | None = None, use_instead: str | None = None
) -> Callable[[Resolver], Resolver]:
    """Return a decorator that makes a field; `use_instead` deprecates it for another one."""
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
    """Return a field for a stored attribute of a row's item; options as of `field`.

    The class annotates it with the type that the column has. Whoever has many rows finds the
    column in the field's metadata and can read all of them at once.
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
