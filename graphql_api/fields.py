"""How a method, or an attribute of a row, becomes a field: never without a description.

Owns what makes fields; `strawberry.field` itself is an untyped decorator. A field that only hands
on an attribute of the row's `item` is read for a whole list at once: `columns` remembers how.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

import strawberry

from graphql_api.item import Item, floats, integers, texts

Resolver = TypeVar("Resolver", bound=Callable[..., Any])
Read = Callable[[Iterable[Item], str], list[Any]]

columns: dict[Callable[..., Any], Callable[[Iterable[Any]], list[Any]]] = {}
"""By the function of a field: what returns its values for many rows."""


def field(
    description: str, *, name: str | None = None, use_instead: str | None = None
) -> Callable[[Resolver], Resolver]:
    """Return a decorator that makes a field; `use_instead` deprecates it for another one."""
    reason = None if use_instead is None else f"Use {use_instead}."
    decorator = strawberry.field(description=description, name=name, deprecation_reason=reason)
    return cast("Callable[[Resolver], Resolver]", decorator)


def text_field(description: str, attribute: str, **options: str) -> Any:  # noqa: ANN401
    """Return a field for a string attribute, null where the row has none; options as of `field`."""

    def resolver(self: Any) -> str | None:  # noqa: ANN401
        return texts((self.item,), attribute)[0]

    return _stored(resolver, texts, attribute, field(description, **options))


def integer_field(description: str, attribute: str, **options: str) -> Any:  # noqa: ANN401
    """Return a field for a number attribute, null where the row has none; options as of `field`."""

    def resolver(self: Any) -> int | None:  # noqa: ANN401
        return integers((self.item,), attribute)[0]

    return _stored(resolver, integers, attribute, field(description, **options))


def float_field(description: str, attribute: str, **options: str) -> Any:  # noqa: ANN401
    """Return the same for numbers that are more than an Int holds."""

    def resolver(self: Any) -> float | None:  # noqa: ANN401
        return floats((self.item,), attribute)[0]

    return _stored(resolver, floats, attribute, field(description, **options))


def _stored(
    resolver: Resolver, read: Read, attribute: str, decorate: Callable[[Resolver], Resolver]
) -> Resolver:
    columns[resolver] = lambda rows: read([row.item for row in rows], attribute)
    return decorate(resolver)
