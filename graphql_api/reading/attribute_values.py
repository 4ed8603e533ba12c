"""Values of DynamoDB items in the form of the low-level client: `{"openAlerts": {"N": "3"}}`.

Rows keep this form until a query selects a field of them, so columns that no query selects cost
nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rollup.rows.overview_row import Level

Item = Mapping[str, Mapping[str, Any]]


def text(item: Item, name: str) -> str | None:
    """Return a string attribute, or None if the row does not have it."""
    value = item.get(name)
    return None if value is None else value["S"]


def texts(items: Iterable[Item], name: str) -> list[str | None]:
    """Return a string attribute of many rows."""
    return [None if (value := item.get(name)) is None else value["S"] for item in items]


def integers(items: Iterable[Item], name: str) -> list[int | None]:
    """Return a number attribute of many rows."""
    return [None if (value := item.get(name)) is None else int(value["N"]) for item in items]


def floats(items: Iterable[Item], name: str) -> list[float | None]:
    """Return a number attribute of many rows, for numbers that can exceed a GraphQL Int."""
    return [None if (value := item.get(name)) is None else float(value["N"]) for item in items]


def spelling(level: Level, item: Item) -> str:
    """Return the newest spelling of the name of a row's repository or organisation."""
    spelled: str = item[level.spelling_attribute]["S"]
    return spelled
