"""Which overview row: whose, and of which period. Owns nothing else. Pure."""

from typing import NamedTuple


class RowKey(NamedTuple):
    """An overview row: the folded name of a repository or organisation, and the period's key."""

    name: str
    period: str
