"""The names under which something arrived, as far as suggestions need them.

Owns where they are read and how many: the organisations, and the repositories of one owner, one
query each. What the bearer of the key may not read is not among them.
"""

from functools import cached_property

from graphql_api.reading import overview_lists, tables
from graphql_api.reading.item import spelling
from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import Listing, Tables
from graphql_api.selection.closest import closest, closest_repositories
from graphql_api.vocabulary.errors import ApiError
from ingest.names import folded, owner_of
from rollup.metrics.period import ALL
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level

MOST_SUGGESTED = 10
"""Names of one request that get suggestions."""


class KnownNames:
    """Suggests known names for unknown ones. Made for each request."""

    def __init__(self, reader: Reader, tables: Tables) -> None:
        self.reader = reader
        self._tables = tables
        self._suggested = 0
        self._repositories: dict[str, list[str]] = {}

    def like(self, level: Level, name: str) -> list[str]:
        """Return the closest organisations, or the closest repositories of the closest owner."""
        if level is ORGANISATION:
            return closest(name, self._organisations) if self._may_suggest() else []
        owner = owner_of(name)
        owners = closest(owner, self._organisations, most=1)
        return self.like_of_owner(folded(owners[0]), name) if owners else []

    def like_of_owner(self, owner: str, name: str) -> list[str]:
        """Return the closest of one owner's repositories."""
        return closest_repositories(name, self._of_owner(owner)) if self._may_suggest() else []

    def like_tool(self, tool: str, known: set[str]) -> list[str]:
        """Return the closest of the known tools."""
        return closest(tool, known - {""}) if self._may_suggest() else []

    def _may_suggest(self) -> bool:
        self._suggested += 1
        return self._suggested <= MOST_SUGGESTED

    @cached_property
    def _organisations(self) -> list[str]:
        return self._names(ORGANISATION, tables.organisations(self._tables))

    def _of_owner(self, owner: str) -> list[str]:
        if owner not in self._repositories:
            listing = overview_lists.headlines(self._tables, owner, ALL, ALL)
            self._repositories[owner] = self._names(REPOSITORY, listing)
        return self._repositories[owner]

    def _names(self, level: Level, listing: Listing) -> list[str]:
        try:
            return [spelling(level, item) for item in self.reader.first(listing)]
        except ApiError:
            return []
