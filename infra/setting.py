"""The form of a setting: its key, its description, and how a value is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


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
