"""Whose rows a question is about, and how they become sums: by their cells, or by headlines alone.

Owns the choice between the rows of a name and those of its repositories, and between the two
indexes of an organisation. Which reads that takes belongs to `overviews`.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple, Self

from graphql_api.reading.overviews import Overviews, Pages, Read
from graphql_api.selection.filters import Conditions
from graphql_api.selection.pooled_tools import PooledTools
from rollup.metrics.sums import Sums
from rollup.metrics.tally import CellSelection, Group, GroupBy
from rollup.rows.overview_row import REPOSITORY, Level
from rollup.rows.packed_sums import CellSums, HeadlineSums, Slots, ToolOf

Labels = Callable[[Group], Group]
"""Returns what a group is called in answers."""


class Reading(NamedTuple):
    """How the rows that a question is about are read.

    `headlines` reads those of the same rows; None where no index has them. `pooled` says under
    which names tools count; None where the question is not about tools.
    """

    selection: CellSelection
    cells: Read
    headlines: Read | None = None
    pooled: PooledTools | None = None
    is_of_organisation: bool = False
    """Whether the rows are those of the organisation itself, not of repositories."""

    @classmethod
    def of(
        cls,
        selection: CellSelection,
        cells: Read,
        headlines: Read | None = None,
        *,
        is_of_organisation: bool = False,
    ) -> Self:
        """Return how the rows of a selection are read."""
        pooled = PooledTools(cells) if selection.is_about_tools else None
        return cls(selection, cells, headlines, pooled, is_of_organisation)

    @property
    def tool_of(self) -> ToolOf | None:
        """Return what says under which name a tool counts; None: under its own."""
        return None if self.pooled is None else self.pooled.tool_of

    def sums(
        self,
        keys: Iterable[str],
        slots: Slots,
        *,
        intervals: int = 0,
        durations: bool = True,
        check: Callable[[int], None] | None = None,
    ) -> Sums:
        """Return the sums of these periods, by slot.

        `check` is called after every page with the number of repositories that the intervals have
        so far, and may raise. Without `durations` an organisation's headlines are enough, unless
        the question is about some cells only.
        """
        sums: Sums = CellSums(
            self.selection, slots, intervals=intervals, durations=durations, tool_of=self.tool_of
        )
        read = self.cells
        if not durations and self.headlines is not None and self.selection.is_of_all_cells:
            sums, read = HeadlineSums(slots, intervals=intervals), self.headlines
        for rows in read(keys):
            for row in rows:
                sums.add(*row)
            if check is not None:
                check(sums.repositories)
        return sums


class Subject(NamedTuple):
    """An organisation or a repository, or some of an organisation's repositories."""

    level: Level
    name: str
    overviews: Overviews

    def is_left_out(self, conditions: Conditions) -> bool:
        """Whether this is a repository, and not one of those that the conditions name."""
        wanted = conditions.repositories
        return self.level is REPOSITORY and wanted is not None and self.name not in wanted

    def labels(self, group_by: GroupBy | None) -> Labels:
        """Return what calls repositories by their newest spelling, and other groups as they are."""
        if group_by is not GroupBy.REPOSITORY:
            return lambda group: group
        return lambda group: group and self.overviews.spelled(group)

    def reading(self, conditions: Conditions, group_by: GroupBy | None = None) -> Reading:
        """Return how the rows that a question is about are read."""
        selection, names = conditions.selection(group_by), conditions.repositories
        if self.is_left_out(conditions):
            return Reading.of(selection, _nothing)
        if self.level is REPOSITORY:
            return Reading.of(
                selection, lambda keys: self.overviews.of_name(REPOSITORY, self.name, keys)
            )
        if names is not None:
            return self.reading_some(selection, names)
        if group_by is GroupBy.REPOSITORY:
            return Reading.of(
                selection,
                lambda keys: self.overviews.of_organisation(self.name, keys),
                lambda keys: self.overviews.headlines(self.name, keys),
            )
        return Reading.of(
            selection,
            lambda keys: self.overviews.of_name(self.level, self.name, keys),
            is_of_organisation=True,
        )

    def reading_some(self, selection: CellSelection, names: Iterable[str]) -> Reading:
        """Return how the rows of some of an organisation's repositories are read."""
        wanted = tuple(names)
        return Reading.of(
            selection, lambda keys: self.overviews.of_repositories(self.name, wanted, keys)
        )


def _nothing(_keys: Iterable[str]) -> Pages:
    return iter(())
