"""How a method, or an attribute of a row, becomes a field: never without a description.

Owns what makes fields; `strawberry.field` itself is an untyped decorator. A field that only hands
on an attribute of the row's `item` is read for a whole list at once: `columns` remembers how.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from types import NoneType
from typing import Any, TypeVar, cast, get_args

import strawberry

from graphql_api.reading.item import Item, floats, integers, texts
from graphql_api.vocabulary.scalars import DateTime

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


def stored(
    description: str,
    attribute: str,
    type_: Any,  # noqa: ANN401
    *,
    shown_as: Callable[[str], str] | None = None,
    **options: str,
) -> Any:  # noqa: ANN401
    """Return a field for an attribute of a row's item, of this type; options as of `field`.

    Where a row has no such attribute it is null, so the type must be one `| None` unless every row
    has it. A float is for numbers that are more than an Int holds. `shown_as` makes what is shown
    of a string.
    """
    read = _reads(type_) if shown_as is None else _changed(shown_as)

    def resolver(self: Any) -> Any:  # noqa: ANN401
        return read((self.item,), attribute)[0]

    resolver.__annotations__["return"] = type_
    columns[resolver] = lambda rows: read([row.item for row in rows], attribute)
    return field(description, **options)(resolver)


def _reads(type_: Any) -> Read:  # noqa: ANN401
    (kind,) = {*(get_args(type_) or [type_])} - {NoneType}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _words(kind)
    return _READS[kind]


def _changed(change: Callable[[str], str]) -> Read:
    return lambda items, attribute: [
        None if text is None else change(text) for text in texts(items, attribute)
    ]


def _words(enum: type[Enum]) -> Read:
    # Calling an enum finds its members, too, but takes three times as long.
    members: dict[str | None, Enum | None] = {member.value: member for member in enum}
    members[None] = None
    return lambda items, attribute: [members[word] for word in texts(items, attribute)]


_READS: dict[Any, Read] = {str: texts, DateTime: texts, int: integers, float: floats}
