"""The organisation or repository of a query, and which rows are read for it.

Owns the choice whether to read the rows of the organisation or of its repositories. The module
`overviews` makes the reads.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from graphql_api.reading.overviews import Overviews, Read
from graphql_api.reading.row_cache import Pages
from graphql_api.reading.table_client import KEYS_PER_READ
from graphql_api.repositories.repositories import EVERY, NONE, Chosen, Repositories
from graphql_api.selection.filters import Conditions
from graphql_api.selection.reading import Reading
from rollup.metrics.tally import Basis, CellSelection, Group, GroupBy
from rollup.rows.overview_row import REPOSITORY, Level
from rollup.rows.packed_sums import GroupOf

_BY_REPOSITORY = frozenset({GroupBy.REPOSITORY, GroupBy.TEAM})
"""The groups that are made of whole rows of repositories."""
_BY_TEAM = "groupBy TEAM"

Labels = Callable[[Group], Group]
"""Returns the label of a group in responses."""


class Subject(NamedTuple):
    """An organisation or a repository, or some of an organisation's repositories."""

    level: Level
    name: str
    overviews: Overviews
    repositories: Repositories

    def is_excluded_by(self, conditions: Conditions) -> bool:
        """Return whether this is a repository that does not meet the conditions.

        Raises:
            TeamNotConfiguredError: A condition concerns teams, which are not configured.
        """
        if self.level is not REPOSITORY:
            return False
        names = conditions.repositories
        is_named = names is None or self.name in names
        return not (is_named and self.repositories.meets(self.name, conditions.of_repositories))

    def resolved(self, conditions: Conditions) -> Conditions:
        """Return the conditions together with the repositories that meet them.

        Raises:
            TeamNotConfiguredError: A condition concerns teams, which are not configured.
        """
        if conditions.resolved is not None:
            return conditions
        chosen = EVERY
        if self.is_excluded_by(conditions):
            chosen = NONE
        elif self.level is not REPOSITORY:
            chosen = self.repositories.chosen(
                self.name, conditions.of_repositories, conditions.repositories
            )
        return conditions._replace(resolved=chosen)

    def labels(self, group_by: GroupBy | None) -> Labels:
        """Return the function that labels groups. Repositories have their most recent spelling."""
        if group_by is not GroupBy.REPOSITORY:
            return lambda group: group
        return lambda group: group and self.overviews.spelling_of(group)

    def reading(
        self,
        conditions: Conditions,
        group_by: GroupBy | None = None,
        basis: Basis = Basis.CLOSED,
    ) -> Reading:
        """Return how the rows of a query are read.

        Raises:
            TeamNotConfiguredError: A condition or the groups are teams, which are not configured.
        """
        selection, group_of = conditions.selection(group_by, basis), self._group_of(group_by)
        chosen, cohorts = self.resolved(conditions).chosen, basis is Basis.OPENED
        if chosen.names == ():
            return Reading.of(selection, _no_pages, group_of=group_of)
        if self.level is REPOSITORY:
            return Reading.of(
                selection,
                lambda keys: self.overviews.of_name(REPOSITORY, self.name, keys, cohorts=cohorts),
                group_of=group_of,
            )
        if chosen is EVERY and group_by not in _BY_REPOSITORY:
            return Reading.of(
                selection,
                lambda keys: self.overviews.of_name(self.level, self.name, keys, cohorts=cohorts),
                is_of_organisation=True,
            )
        if chosen.names is not None and len(chosen.names) <= KEYS_PER_READ:
            return self.reading_of_repositories(selection, chosen.names)
        return Reading.of(
            selection,
            self._cells_of(chosen, cohorts=cohorts),
            lambda keys: _accepted(chosen, self.overviews.headlines(self.name, keys)),
            group_of=group_of,
        )

    def reading_of_repositories(self, selection: CellSelection, names: Iterable[str]) -> Reading:
        """Return how the rows of these repositories of the organisation are read."""
        chosen = EVERY._replace(names=tuple(names))
        return Reading.of(
            selection,
            self._cells_of(chosen, cohorts=selection.basis is Basis.OPENED),
            repositories=chosen.names,
            group_of=self._group_of(selection.group_by),
        )

    def _cells_of(self, chosen: Chosen, *, cohorts: bool) -> Read:
        names, overviews = chosen.names, self.overviews
        if names is not None:
            return lambda keys: overviews.of_repositories(self.name, names, keys, cohorts=cohorts)
        return lambda keys: _accepted(
            chosen, overviews.of_organisation(self.name, keys, cohorts=cohorts)
        )

    def _group_of(self, group_by: GroupBy | None) -> GroupOf | None:
        if group_by is not GroupBy.TEAM:
            return None
        if self.level is REPOSITORY:
            return self.repositories.team_of_one(self.name, argument=_BY_TEAM)
        return self.repositories.teams(self.name, argument=_BY_TEAM)


def _accepted(chosen: Chosen, pages: Pages) -> Pages:
    if chosen is EVERY:
        return pages
    return ([row for row in rows if chosen.accepts(row.name)] for rows in pages)


def _no_pages(_keys: Iterable[str]) -> Pages:
    return iter(())
