"""The identity of an overview row: its name, its period, and one of its revisions. Pure."""

from typing import NamedTuple

from ingest.origin import Origins


class RowKey(NamedTuple):
    """An overview row: the folded name of a repository or organisation, and the period's key."""

    name: str
    period: str


class RowRevision(NamedTuple):
    """A repository's overview row at one of its revisions, and the events that led to it."""

    key: RowKey
    revision: int
    origins: Origins = ()
