"""How many of the alerts that are open now are older than some days of 24 hours.

Owns how that follows from rows of days and, for the one day on the edge, from the alerts
themselves: those of that day are read only if any of them is open. A tool that the row of all time
counts among "(other)" counts there in days, too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from graphql_api.item import Item
from graphql_api.overviews import Read
from ingest.terms import Branch, Severity
from rollup.counts import Cell, CellKey, Counts, Outcome
from rollup.period import day_key, midnight_ms
from rollup.tally import Choice, Group, PeriodCounts, number
from rollup.tool_limit import OTHER
from rollup.window import Interval, Window, cover

OpenBetween = Callable[[int, int], Iterable[Item]]
"""Reads the open alerts that were created between two moments, both included, in milliseconds."""

_DAY_MS = 86_400_000


class Ages:
    """The ages of the open alerts of one question; `whole` holds its ALL rows."""

    def __init__(
        self,
        *,
        read: Read,
        open_between: OpenBetween,
        choice: Choice,
        now_ms: int,
        whole: Sequence[PeriodCounts],
    ) -> None:
        self._read = read
        self._open_between = open_between
        self._choice = choice
        self._now_ms = now_ms
        self._tools = {row.name: {key.tool for key, _ in row.counts} for row in whole}
        self._younger: dict[int, Mapping[Group, int]] = {}

    def younger(self, days: int, group: Group) -> int:
        """Return how many of a group were created in the last `days` times 24 hours."""
        if days not in self._younger:
            self._younger[days] = self._created_since(self._now_ms - days * _DAY_MS)
        return self._younger[days].get(group, 0)

    def _created_since(self, edge_ms: int) -> Mapping[Group, int]:
        first, today = _day(edge_ms), _day(self._now_ms)
        keys, edge_key = cover(Window(first, today), Interval.TOTAL, today=today), day_key(first)
        rows = self._read({*keys, edge_key})
        since = self._open(row for row in rows if row.period in keys)
        on_edge = self._open(row for row in rows if row.period == edge_key)
        midnight = midnight_ms(first)
        if not any(on_edge.values()) or edge_ms == midnight:
            return since
        found = self._open_between(midnight, edge_ms - 1)
        earlier = self._open(self._counted(item, edge_key) for item in found)
        # Alerts may be newer than overviews: no more of them than the day is known to have.
        return {
            group: some - min(earlier.get(group, 0), on_edge.get(group, 0))
            for group, some in since.items()
        }

    def _open(self, rows: Iterable[PeriodCounts]) -> dict[Group, int]:
        sums = self._choice.sums(map(self._pooled, rows))
        return {group: number(cells, Outcome.OPEN) for group, cells in sums.items()}

    def _pooled(self, row: PeriodCounts) -> PeriodCounts:
        named = self._tools.get(row.name, set())
        if OTHER not in named or all(key.tool in named for key, _ in row.counts):
            return row
        counts = Counts.total(
            Counts({key if key.tool in named else key._replace(tool=OTHER): cell})
            for key, cell in row.counts
        )
        return row._replace(counts=counts)

    def _counted(self, item: Item, period: str) -> PeriodCounts:
        name = item["repositoryName"]["S"]
        if name not in self._tools:
            name = item["organisationName"]["S"]
        key = CellKey(
            severity=Severity(item["severity"]["S"]),
            branch=Branch(item["branch"]["S"]),
            tool=item.get("tool", {"S": ""})["S"],
            outcome=Outcome.OPEN,
        )
        return PeriodCounts(name, period, Counts({key: Cell(1)}))


def _day(ms: int) -> date:
    return datetime.fromtimestamp(ms / 1_000, tz=UTC).date()
