"""Variables in a query, replaced as Grafana does.

The rules are those of Grafana's library scenes: `constants.ts` (what a variable looks like) and
`formatRegistry.ts` (the formats).
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

Value = str | list[str] | datetime

_VARIABLE = re.compile(r"\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?::([^}]+))?\}")


def interpolated(text: str, variables: Mapping[str, Value]) -> str:
    """Return a text in which each known variable is replaced. Unknown ones stay as they are."""

    def replaced(found: re.Match[str]) -> str:
        name = found[1] or found[2] or found[4]
        if name not in variables:
            return found[0]
        return _FORMATS[found[3] or found[5] or "glob"](variables[name])

    return _VARIABLE.sub(replaced, text)


def names_in(text: str) -> set[str]:
    """Return the names that Grafana would look up in a text."""
    return {found[1] or found[2] or found[4] for found in _VARIABLE.finditer(text)}


def _glob(value: Value) -> str:
    if isinstance(value, list):
        return value[0] if len(value) == 1 else "{" + ",".join(value) + "}"
    assert isinstance(value, str)
    return value


def _double_quoted(value: Value) -> str:
    texts = value if isinstance(value, list) else [value]
    escaped = (str(text).replace('"', '\\"') for text in texts)
    return ",".join(f'"{text}"' for text in escaped)


def _iso(value: Value) -> str:
    assert isinstance(value, datetime)
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


_FORMATS: dict[str, Callable[[Value], str]] = {
    "glob": _glob,
    "doublequote": _double_quoted,
    "date:iso": _iso,
}
