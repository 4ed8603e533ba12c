"""How many examples a test tries: fewer in `make check` than in `make test`."""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

T = TypeVar("T")

_DEFAULT = 100
QUICK = "quick"
"""The name of the Hypothesis profile of `make check`."""


def register() -> None:
    """Register the profile QUICK. pytest loads it with `--hypothesis-profile=quick`."""
    settings.register_profile(QUICK, max_examples=15, deadline=None)


def examples(number: int) -> int:
    """Return how many examples to try: `number`, or its share under the profile QUICK."""
    return max(1, number * settings().max_examples // _DEFAULT)


def some(values: Sequence[T], offset: int) -> Sequence[T]:
    """Return all values, or under the profile QUICK an even share that starts at an offset."""
    step = len(values) // min(len(values), examples(len(values)))
    return values[offset % step :: step]
