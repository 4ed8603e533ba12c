"""DynamoDB's own form of a row, as the low-level client gives it: `{"openAlerts": {"N": "3"}}`.

Owns the reading of single values. Rows stay in this form until a field of them is asked for, so a
list costs nothing for the columns that nobody wants.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rollup.rows.overview_row import Level

Item = Mapping[str, Mapping[str, Any]]


def text(item: Item, name: str) -> str | None:
    """Return a string attribute, or None where the row has none."""
    value = item.get(name)
    return None if value is None else value["S"]


def texts(items: Iterable[Item], name: str) -> list[str | None]:
    """Return a string attribute of many rows."""
    return [None if (value := item.get(name)) is None else value["S"] for item in items]


def integers(items: Iterable[Item], name: str) -> list[int | None]:
    """Return a number attribute of many rows."""
    return [None if (value := item.get(name)) is None else int(value["N"]) for item in items]


def floats(items: Iterable[Item], name: str) -> list[float | None]:
    """Return a number attribute of many rows that an Int may not hold."""
    return [None if (value := item.get(name)) is None else float(value["N"]) for item in items]


def spelling(level: Level, item: Item) -> str:
    """Return the newest spelling of the name that a row is about."""
    spelled: str = item[level.spelling_attribute]["S"]
    return spelled
