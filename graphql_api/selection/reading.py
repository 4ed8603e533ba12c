"""How the rows of a query are read and summed.

Owns the choice whether to read whole rows or only their headlines, and the groups of rows.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Self

from graphql_api.reading.overviews import Read
from graphql_api.selection.pooled_tools import PooledTools
from ingest.names import owner_of
from ingest.terms import Branch, Severity
from rollup.metrics.counts import Outcome
from rollup.metrics.sums import Sums
from rollup.metrics.tally import Basis, CellSelection, Group, GroupBy
from rollup.rows.packed_sums import CellSums, GroupOf, HeadlineSums, Slots, ToolOf


class Reading(NamedTuple):
    """How the rows of a query are read.

    `read_headlines` reads the headlines of the same rows. It is None if no index contains them.
    `pooled_tools` is None if the query does not filter or group by tool. `group_of` is None if the
    groups of rows are those of the selection.
    """

    selection: CellSelection
    read_cells: Read
    read_headlines: Read | None = None
    pooled_tools: PooledTools | None = None
    is_of_organisation: bool = False
    """Whether the rows are those of the organisation itself, not of its repositories."""
    repositories: tuple[str, ...] | None = None
    """The repositories whose rows are read, if they are some of an organisation."""
    group_of: GroupOf | None = None

    @classmethod
    def of(  # noqa: PLR0913
        cls,
        selection: CellSelection,
        read_cells: Read,
        read_headlines: Read | None = None,
        *,
        is_of_organisation: bool = False,
        repositories: tuple[str, ...] | None = None,
        group_of: GroupOf | None = None,
    ) -> Self:
        """Return how the rows of a selection are read."""
        pooled_tools = PooledTools(read_cells) if selection.is_about_tools else None
        return cls(
            selection,
            read_cells,
            read_headlines,
            pooled_tools,
            is_of_organisation,
            repositories,
            group_of,
        )

    @property
    def is_of_all_repositories(self) -> bool:
        """Whether the rows are those of all chosen repositories of an organisation."""
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
        sums: Sums = self._cell_sums(
            self.selection, slots, intervals=intervals, durations=durations
        )
        read = self.read_cells
        if not durations and self.read_headlines is not None and self._fits_headlines:
            group_of = self.group_of
            if self.selection.group_by is None:
                group_of = _no_group
            sums = HeadlineSums(slots, intervals=intervals, group_of=group_of)
            read = self.read_headlines
        for rows in read(keys):
            for row in rows:
                sums.add(*row)
            if check is not None:
                check(sums.groups)
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
            severity: self._cell_sums(
                self.selection.only(severity), own, intervals=intervals, durations=durations
            )
            for severity, own in slots.items()
        }
        for rows in self.read_cells({key for own in slots.values() for key in own}):
            for row in rows:
                for one in sums.values():
                    one.add(*row)
            if check is not None:
                check(max(one.groups for one in sums.values()))
        return sums

    def grouping(self) -> Callable[[str, Severity, Branch, str], tuple[Group, ...]]:
        """Return the function from an alert to its groups; none if the selection excludes it.

        Its arguments are the repository, the severity, the branch and the tool of an alert that
        meets all other conditions of the selection.
        """
        tools, group_by, tool_of = self.selection.tools, self.selection.group_by, self.tool_of
        row_group = self.group_of or (lambda name: name)

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
                case GroupBy.REPOSITORY | GroupBy.TEAM:
                    return (row_group(repository),)

        return groups_of

    def _cell_sums(
        self, selection: CellSelection, slots: Slots, *, intervals: int, durations: bool
    ) -> CellSums:
        """Return empty sums with the groups of this query."""
        return CellSums(
            selection,
            slots,
            intervals=intervals,
            durations=durations,
            tool_of=self.tool_of,
            group_of=self.group_of,
        )

    @property
    def _fits_headlines(self) -> bool:
        return self.selection.fits_headlines and self.selection.is_by_row


def _no_group(_name: str) -> Group:
    return None
