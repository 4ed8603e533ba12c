"""The known organisations and repositories, for suggestions.

Owns which names are read, and how many: the organisations, and the repositories of one owner, with
one query each. Names that the API key cannot read are not included.
"""

from collections.abc import Callable
from functools import cached_property, partial

from graphql_api.reading import overview_lists
from graphql_api.reading.attribute_values import Item, spelling
from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import Tables
from graphql_api.selection.closest import closest, closest_repositories
from graphql_api.selection.readable_lists import ReadableLists
from graphql_api.vocabulary.errors import ApiError
from ingest.names import folded, owner_of
from rollup.metrics.period import ALL
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level

MOST_SUGGESTED = 10
"""The maximum number of names of a request that get suggestions."""


class KnownNames:
    """Suggests known names for the unknown names of one request."""

    def __init__(self, reader: Reader, tables: Tables) -> None:
        self.reader = reader
        self._tables = tables
        self._suggested = 0
        self._by_owner: dict[str, list[str]] = {}

    def suggest(self, level: Level, name: str) -> list[str]:
        """Return the closest organisations, or the closest repositories of the closest owner."""
        if level is ORGANISATION:
            return closest(name, self._organisations) if self._may_suggest() else []
        owner = owner_of(name)
        owners = closest(owner, self._organisations, most=1)
        return self.suggest_repositories(folded(owners[0]), name) if owners else []

    def suggest_repositories(self, owner: str, name: str) -> list[str]:
        """Return the closest repositories of one owner."""
        if not self._may_suggest():
            return []
        return closest_repositories(name, self._repositories_of(owner))

    def suggest_among(self, name: str, known: set[str]) -> list[str]:
        """Return the closest of these names, such as tools."""
        return closest(name, known - {""}) if self._may_suggest() else []

    def _may_suggest(self) -> bool:
        self._suggested += 1
        return self._suggested <= MOST_SUGGESTED

    @cached_property
    def _organisations(self) -> list[str]:
        lists = ReadableLists(self.reader, self._tables)
        return self._names(ORGANISATION, lists.first_organisations)

    def _repositories_of(self, owner: str) -> list[str]:
        if owner not in self._by_owner:
            listing = overview_lists.headlines(self._tables, owner, ALL, ALL)
            self._by_owner[owner] = self._names(REPOSITORY, partial(self.reader.first, listing))
        return self._by_owner[owner]

    def _names(self, level: Level, read: Callable[[], list[Item]]) -> list[str]:
        try:
            return [spelling(level, item) for item in read()]
        except ApiError:
            return []
