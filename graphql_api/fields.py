"""How a method becomes a field: never without a description, and with its types kept for mypy.

Owns nothing else; `strawberry.field` itself is an untyped decorator.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def field(
    description: str, *, name: str | None = None, use_instead: str | None = None
) -> Callable[[Resolver], Resolver]:
    """Return a decorator that makes a field; `use_instead` deprecates it for another one."""
    reason = None if use_instead is None else f"Use {use_instead}."
    decorator = strawberry.field(description=description, name=name, deprecation_reason=reason)
    return cast("Callable[[Resolver], Resolver]", decorator)
