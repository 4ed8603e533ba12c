"""The form of a setting: its key, its description, and how a value is read.

Owns the kinds of settings and the parsers of values that several modules share.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

NONE = "none"
"""The shown default of a setting without one."""
TRUE_OR_FALSE = "true or false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Generic[T]):
    """One setting; `accepts` completes the sentence "must be …"."""

    key: str
    meaning: str
    accepts: str
    parse: Callable[[object], T]
    """Converts a value from JSON or the command line; raises ValueError if it is not accepted."""
    default: T
    shown_default: str

    def read(self, value: object) -> T:
        """Return the converted value, or the default for None.

        Raises:
            ValueError: The value is not accepted; the message describes what is.
        """
        if value is None:
            return self.default
        try:
            return self.parse(value)
        except ValueError as error:
            raise ValueError(f"must be {self.accepts}") from error


def text(pattern: str) -> Callable[[object], str]:
    """Return the parser of texts that a regular expression matches."""

    def parse(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(value)
        return value

    return parse


def boolean(value: object) -> bool:
    """Return the boolean of a JSON boolean, or of a text."""
    values = {"true": True, "false": False}
    if str(value).lower() not in values:
        raise ValueError(value)
    return values[str(value).lower()]


def between(least: int, most: int, *, digits: str = "[1-9][0-9]{0,4}") -> Callable[[object], int]:
    """Return the parser of whole numbers, which also accepts them as texts of some digits."""

    def parse(value: object) -> int:
        number = int(text(digits)(str(value)))
        if not least <= number <= most:
            raise ValueError(value)
        return number

    return parse


def flag(key: str, meaning: str, *, default: bool) -> Setting[bool]:
    """Return a setting that is true or false."""
    return Setting(
        key=key,
        meaning=meaning,
        accepts=TRUE_OR_FALSE,
        parse=boolean,
        default=default,
        shown_default=str(default).lower(),
    )


def whole_number(  # noqa: PLR0913
    key: str, meaning: str, *, least: int, most: int, default: int, unit: str = ""
) -> Setting[int]:
    """Return a setting with a whole number. `unit` is a plural, such as `days`."""
    of = f" of {unit}" if unit else ""
    return Setting(
        key=key,
        meaning=meaning,
        accepts=f"a whole number{of}, {least} to {most}",
        parse=between(least, most),
        default=default,
        shown_default=str(default),
    )


def settings_in(module: Mapping[str, object]) -> tuple[Setting[object], ...]:
    """Return the settings among the names of a module, in their order."""
    return tuple(value for value in module.values() if isinstance(value, Setting))
