"""One limit of the system, and the text of its value in the docs.

Reads the value from the constants where the limit is applied; never contains a value itself.
"""

from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit, and the reason of the error that it causes (empty if it causes none).

    `homes` are constants such as `graphql_api.execution.limits.DEPTH`; `form` formats their values.
    """

    what: str
    homes: tuple[str, ...]
    form: str
    reason: str

    def value(self) -> str:
        """Return the limit as text, read from its constants.

        Raises:
            AttributeError, ModuleNotFoundError: A constant has moved; change this entry too.
        """
        return self.form.format(*map(_readable, self.homes))


def limit(what: str, *homes: str, form: str = "{:,}", reason: str = "") -> Limit:
    """Return a limit of one or more constants."""
    return Limit(what, homes, form, reason)


def _readable(home: str) -> object:
    module, _, name = home.rpartition(".")
    value = getattr(import_module(module), name)
    if isinstance(value, tuple):
        return _ranges(value)
    if isinstance(value, timedelta):
        return f"{value / timedelta(hours=1):.0f} hours"
    return value.to_human_string() if hasattr(value, "to_human_string") else value


def _ranges(numbers: tuple[int, ...]) -> str:
    """Return `1 to 3, 5` for 1, 2, 3 and 5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{r[0]} to {r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)
