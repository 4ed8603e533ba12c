"""The organisation or repository of a query, and how its rows are read and summed.

Owns two choices: whether to read the rows of the organisation or of its repositories, and whether
to read whole rows or only their headlines. The module `overviews` makes the reads.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Self

from graphql_api.reading.overviews import Overviews, Read
from graphql_api.reading.row_cache import Pages
from graphql_api.selection.filters import Conditions
from graphql_api.selection.pooled_tools import PooledTools
from ingest.names import owner_of
from ingest.terms import Branch, Severity
from rollup.metrics.counts import Outcome
from rollup.metrics.sums import Sums
from rollup.metrics.tally import Basis, CellSelection, Group, GroupBy
from rollup.rows.overview_row import REPOSITORY, Level
from rollup.rows.packed_sums import CellSums, HeadlineSums, Slots, ToolOf

Labels = Callable[[Group], Group]
"""Returns the label of a group in responses."""


class Reading(NamedTuple):
    """How the rows of a query are read.

    `read_headlines` reads the headlines of the same rows. It is None if no index contains them.
    `pooled_tools` is None if the query does not filter or group by tool.
    """

    selection: CellSelection
    read_cells: Read
    read_headlines: Read | None = None
    pooled_tools: PooledTools | None = None
    is_of_organisation: bool = False
    """Whether the rows are those of the organisation itself, not of its repositories."""
    repositories: tuple[str, ...] | None = None
    """The repositories whose rows are read, if they are some of an organisation."""

    @classmethod
    def of(
        cls,
        selection: CellSelection,
        read_cells: Read,
        read_headlines: Read | None = None,
        *,
        is_of_organisation: bool = False,
        repositories: tuple[str, ...] | None = None,
    ) -> Self:
        """Return how the rows of a selection are read."""
        pooled_tools = PooledTools(read_cells) if selection.is_about_tools else None
        return cls(
            selection, read_cells, read_headlines, pooled_tools, is_of_organisation, repositories
        )

    @property
    def is_of_all_repositories(self) -> bool:
        """Whether the rows are those of all repositories of an organisation."""
        return self.read_headlines is not None

    @property
    def tool_of(self) -> ToolOf | None:
        """Return the function from a tool to its counted name. None: each tool has its own name."""
        return None if self.pooled_tools is None else self.pooled_tools.tool_of

    @property
    def by_closing(self) -> Self:
        """The same without the cells of cohorts, for which headlines can be sufficient."""
        return self._replace(selection=self.selection._replace(basis=Basis.CLOSED))

    def only(self, outcomes: frozenset[Outcome]) -> Self:
        """Return the same for the cells of some outcomes, which takes half of the time or less."""
        return self._replace(selection=self.selection._replace(outcomes=outcomes))

    def sums(
        self,
        keys: Iterable[str],
        slots: Slots,
        *,
        intervals: int = 0,
        durations: bool = True,
        check: Callable[[int], None] | None = None,
    ) -> Sums:
        """Return the sums of the rows of these periods, by slot.

        Args:
            keys: The keys of the periods to read.
            slots: The slots to which each period is added.
            intervals: The number of slots that are intervals.
            durations: Whether the sums need the times to remediate. If not, and if the selection
                permits it, headlines are sufficient.
            check: Called after every page with the number of repositories found so far. It can
                raise an error to stop the reads.
        """
        sums: Sums = CellSums(
            self.selection, slots, intervals=intervals, durations=durations, tool_of=self.tool_of
        )
        read = self.read_cells
        if not durations and self.read_headlines is not None and self.selection.fits_headlines:
            sums, read = HeadlineSums(slots, intervals=intervals), self.read_headlines
        for rows in read(keys):
            for row in rows:
                sums.add(*row)
            if check is not None:
                check(sums.repositories)
        return sums

    def sums_by_severity(
        self,
        slots: Mapping[Severity | None, Slots],
        *,
        intervals: int = 0,
        durations: bool = False,
        check: Callable[[int], None] | None = None,
    ) -> Mapping[Severity | None, Sums]:
        """Return the sums of the rows of each severity, by its own slots. None: of any severity.

        All severities share one pass over the rows. The arguments are those of `sums`.
        """
        if set(slots) == {None}:
            own = slots[None]
            return {
                None: self.sums(own, own, intervals=intervals, durations=durations, check=check)
            }
        sums = {
            severity: CellSums(
                self.selection.only(severity),
                own,
                intervals=intervals,
                durations=durations,
                tool_of=self.tool_of,
            )
            for severity, own in slots.items()
        }
        for rows in self.read_cells({key for own in slots.values() for key in own}):
            for row in rows:
                for one in sums.values():
                    one.add(*row)
            if check is not None:
                check(max(one.repositories for one in sums.values()))
        return sums

    def grouping(self) -> Callable[[str, Severity, Branch, str], tuple[Group, ...]]:
        """Return the function from an alert to its groups; none if the selection excludes it.

        Its arguments are the repository, the severity, the branch and the tool of an alert that
        meets all other conditions of the selection.
        """
        tools, group_by, tool_of = self.selection.tools, self.selection.group_by, self.tool_of

        def groups_of(
            repository: str, severity: Severity, branch: Branch, tool: str
        ) -> tuple[Group, ...]:
            if tool_of is not None:
                tool = tool_of(
                    owner_of(repository) if self.is_of_organisation else repository, tool
                )
            if tools is not None and tool not in tools:
                return ()
            match group_by:
                case None:
                    return (None,)
                case GroupBy.SEVERITY:
                    return (severity.value,)
                case GroupBy.TOOL:
                    return (tool,)
                case GroupBy.BRANCH:
                    return (branch.value,)
                case GroupBy.REPOSITORY:
                    return (repository,)

        return groups_of


class Subject(NamedTuple):
    """An organisation or a repository, or some of an organisation's repositories."""

    level: Level
    name: str
    overviews: Overviews

    def is_excluded_by(self, conditions: Conditions) -> bool:
        """Return whether this is a repository that the conditions do not name."""
        names = conditions.repositories
        return self.level is REPOSITORY and names is not None and self.name not in names

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
        """Return how the rows of a query are read."""
        selection, names = conditions.selection(group_by, basis), conditions.repositories
        cohorts = basis is Basis.OPENED
        if self.is_excluded_by(conditions):
            return Reading.of(selection, _no_pages)
        if self.level is REPOSITORY:
            return Reading.of(
                selection,
                lambda keys: self.overviews.of_name(REPOSITORY, self.name, keys, cohorts=cohorts),
            )
        if names is not None:
            return self.reading_of_repositories(selection, names)
        if group_by is GroupBy.REPOSITORY:
            return Reading.of(
                selection,
                lambda keys: self.overviews.of_organisation(self.name, keys, cohorts=cohorts),
                lambda keys: self.overviews.headlines(self.name, keys),
            )
        return Reading.of(
            selection,
            lambda keys: self.overviews.of_name(self.level, self.name, keys, cohorts=cohorts),
            is_of_organisation=True,
        )

    def reading_of_repositories(self, selection: CellSelection, names: Iterable[str]) -> Reading:
        """Return how the rows of these repositories of the organisation are read."""
        repositories = tuple(names)
        return Reading.of(
            selection,
            lambda keys: self.overviews.of_repositories(
                self.name, repositories, keys, cohorts=selection.basis is Basis.OPENED
            ),
            repositories=repositories,
        )


def _no_pages(_keys: Iterable[str]) -> Pages:
    return iter(())
