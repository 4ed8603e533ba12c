"""What a source adds to the rows above it.

An alert is a source of its repository's rows. A repository's row is a source of its organisation's
row. Owns the mapping from the current state of a source to counts by row, and the compact form of
an alert's contribution in messages and in the ledger. A contribution is always complete, so an
overview changes by the difference between two revisions. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from ingest.alerts.lifecycle import Alert, EarlierClosing
from ingest.names import owner_of
from ingest.terms import Branch, ClosedAs, Severity
from rollup.metrics.counts import CLOSINGS, COHORT_OUTCOMES, COHORTS, Cell, CellKey, Counts, Outcome
from rollup.metrics.histogram import bin_of
from rollup.metrics.period import ALL, has_histogram, periods_of
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import Spelling


@dataclass(frozen=True, slots=True)
class Share:
    """What a source adds to one row: counts, and candidates for its spelling and newest event."""

    counts: Counts
    spelling: Spelling
    last_event_ms: int


@dataclass(frozen=True, slots=True)
class AlertContribution:
    """What an alert adds to its repository's overview rows: its current state.

    `repository` is folded, as in keys. `has_cohort` is False for the contribution of a closed alert
    that older code counted: its closing is not counted by the alert's creation.
    """

    repository: str
    spelling: Spelling
    created_ms: int
    severity: Severity
    branch: Branch
    tool: str
    closed_as: ClosedAs | None
    closed_ms: int | None
    reopened_ms: tuple[int, ...]
    earlier_closings: tuple[EarlierClosing, ...]
    last_event_ms: int
    has_cohort: bool = True

    @classmethod
    def of(cls, repository: str, alert: Alert) -> Self:
        """Return the contribution of an alert in its current state."""
        return cls(
            repository=repository,
            spelling=Spelling(alert.spelled_ms, alert.facts.repository),
            created_ms=alert.facts.created_ms,
            severity=alert.facts.severity,
            branch=alert.branch,
            tool=alert.facts.tool or "",
            closed_as=alert.closing.closed_as if alert.closing else None,
            closed_ms=alert.closing.closed_ms if alert.closing else None,
            reopened_ms=alert.reopened_ms,
            earlier_closings=alert.earlier_closings,
            last_event_ms=alert.last_change_ms,
        )

    def shares(self) -> Mapping[RowKey, Share]:
        """Return the shares for the periods of the alert's creation, closing and earlier changes.

        The share of the ALL row has the spelling with the time of the newest event. The shares of
        days and months have it with the time since which it is the spelling. So an event that does
        not change a count does not change their rows.
        """
        parts: dict[str, list[Counts]] = {}
        for at_ms, outcome, cell in self._entries():
            key = CellKey(self.severity, self.branch, self.tool, outcome)
            for period in periods_of(at_ms):
                if period == ALL and outcome in COHORT_OUTCOMES:
                    # The same alerts as those of the closings: ALL contains every creation.
                    continue
                counts = Counts({key: cell if has_histogram(period) else cell.without_bins()})
                parts.setdefault(period, []).append(counts)
        newest = self.spelling._replace(at_ms=self.last_event_ms)
        return {
            RowKey(self.repository, period): Share(Counts.total(counts), newest, self.last_event_ms)
            if period == ALL
            else Share(Counts.total(counts), self.spelling, 0)
            for period, counts in parts.items()
        }

    @property
    def without_earlier(self) -> Self:
        """The contribution without reopenings and earlier closings; adds to at most five rows."""
        return replace(self, reopened_ms=(), earlier_closings=())

    def _entries(self) -> Iterator[tuple[int, Outcome, Cell]]:
        yield self.created_ms, Outcome.OPENED, Cell(1)
        if self.closed_as is None or self.closed_ms is None:
            yield self.created_ms, Outcome.OPEN, Cell(1, self.created_ms)
        else:
            duration_ms = max(0, self.closed_ms - self.created_ms)
            closing = Cell(1, duration_ms, {bin_of(duration_ms): 1})
            outcome = CLOSINGS[self.closed_as]
            yield self.closed_ms, outcome, closing
            if self.has_cohort:
                yield self.created_ms, COHORTS[outcome], closing
        for at_ms in self.reopened_ms:
            yield at_ms, Outcome.REOPENED, Cell(1)
        for earlier in self.earlier_closings:
            yield earlier.closed_ms, Outcome.LEFT, Cell(1)
            yield earlier.ended_ms, Outcome.RETURNED, Cell(1)

    def to_list(self) -> list[object]:
        """Return the compact form of the state, for messages and the ledger.

        The message or ledger entry names the repository. The ledger stores `has_cohort` as well.
        """
        return [
            list(self.spelling),
            self.created_ms,
            self.severity,
            self.branch,
            self.tool,
            self.closed_as,
            self.closed_ms,
            list(self.reopened_ms),
            [[one.closed_ms, one.ended_ms] for one in self.earlier_closings],
            self.last_event_ms,
        ]

    @classmethod
    def from_list(cls, repository: str, packed: Sequence[Any]) -> Self:
        """Return the contribution that `to_list` wrote.

        Raises ValueError or TypeError for any other list.
        """
        spelling, created_ms, severity, branch, tool, *rest = packed
        closed_as, closed_ms, reopened_ms, earlier_closings, last_event_ms = rest
        return cls(
            repository=repository,
            spelling=Spelling(*spelling),
            created_ms=created_ms,
            severity=Severity(severity),
            branch=Branch(branch),
            tool=tool,
            closed_as=None if closed_as is None else ClosedAs(closed_as),
            closed_ms=closed_ms,
            reopened_ms=tuple(reopened_ms),
            earlier_closings=tuple(EarlierClosing(*one) for one in earlier_closings),
            last_event_ms=last_event_ms,
        )


@dataclass(frozen=True, slots=True)
class RowContribution:
    """What a repository's row adds to its organisation's row of the same period: all its counts."""

    row: RowKey
    counts: Counts
    spelling: Spelling
    last_event_ms: int

    def shares(self) -> Mapping[RowKey, Share]:
        """Return the share of the organisation's row."""
        key = RowKey(owner_of(self.row.name), self.row.period)
        return {key: Share(self.counts, self.spelling.of_owner, self.last_event_ms)}
