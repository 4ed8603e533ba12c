"""Which overview row: whose, and of which period. Owns nothing else. Pure."""

from typing import NamedTuple


class RowKey(NamedTuple):
    """An overview row: the repository's or organisation's name, and the period's key."""

    name: str
    period: str
