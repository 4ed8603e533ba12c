"""What happens in the bench's organisation: made-up events, and rows that hold many alerts already.

The same on every run. Pure.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from ingest.alerts import alert_row
from ingest.alerts.alert_row import AlertRow
from ingest.alerts.change import change_of
from ingest.event import AlertEvent
from ingest.instant import cut
from ingest.terms import Action, Branch, ClosedAs, Ref, Severity
from rollup.metrics.counts import Cell, CellKey, Counts, Outcome
from rollup.metrics.histogram import bin_of
from rollup.metrics.period import ALL, day_key, has_histogram, month_key
from rollup.rows.overview_row import REPOSITORY, OverviewRow, to_items
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import Spelling

ORGANISATION = "octo-org"
TODAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
SEVERITIES = (Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.CRITICAL)
TOOL = "CodeQL"


class Kind(NamedTuple):
    """What alerts have in common besides their severity."""

    tool: str
    branch: Branch
    closed_as: Outcome


ONE_KIND = (Kind(TOOL, Branch.DEFAULT, Outcome.FIXED),)

_GOLDEN = 0.618_033_988_749_895
_SHORTEST_MS = 60_000
_DECADES = 6.0  # from one minute to about two years
_YEAR_MINUTES = 365 * 24 * 60


def repository(number: int) -> str:
    """The name of a repository."""
    return f"{ORGANISATION}/service-{number:03}"


def created(number: int, *, repositories: int = 1, at: datetime | None = None) -> AlertEvent:
    """The creation of one alert, today unless said otherwise, in one of so many repositories."""
    at = at or _today(number)
    name = repository(number % repositories)
    return AlertEvent(
        delivery_id=f"0b989ba4-242f-11e5-81e1-{number:012x}",
        action=Action.CREATED,
        repository=name,
        number=number + 1,
        url=f"https://github.com/{name}/security/code-scanning/{number + 1}",
        created_at=at,
        happened_at=at,
        received_at=at,
        closed_as=None,
        severity=SEVERITIES[number % len(SEVERITIES)],
        tool=TOOL,
        rule="py/sql-injection",
        ref=Ref.DEFAULT,
    )


def old(number: int) -> AlertEvent:
    """The creation of an alert of one repository at some time of the last year."""
    return created(number, at=TODAY - timedelta(minutes=int(_spread(number) * _YEAR_MINUTES) + 1))


def fixed(number: int) -> AlertEvent:
    """The fix, today, of an alert that `old` created."""
    return closed(old(number), at=_today(number))


def closed(event: AlertEvent, *, at: datetime) -> AlertEvent:
    """The fix of an alert of which the creation is given."""
    at = cut(at)
    return replace(
        event,
        delivery_id=f"fixed-{event.delivery_id}",
        action=Action.FIXED,
        happened_at=at,
        received_at=at,
        closed_as=ClosedAs.FIXED,
    )


def stream_record(*events: AlertEvent) -> dict[str, Any]:
    """What the stream of All Events tells of an alert after the last of its events."""
    changes = frozenset(change_of(event) for event in events)
    row = AlertRow(events[0].repository, events[0].number, len(events), changes)
    return {"dynamodb": {"NewImage": alert_row.to_item(row)}}


def closed_counts(
    alerts: int, *, severities: int, with_bins: bool, kinds: Sequence[Kind] = ONE_KIND
) -> Counts:
    """The counts of so many alerts that were opened and closed, over one minute to two years."""
    durations: dict[CellKey, list[int]] = {}
    for number in range(alerts):
        tool, branch, closed_as = kinds[number // severities % len(kinds)]
        key = CellKey(SEVERITIES[number % severities], branch, tool, closed_as)
        ms = int(_SHORTEST_MS * 10 ** (_DECADES * _spread(number)))
        durations.setdefault(key, []).append(ms)
    closed, opened = {}, Counter[CellKey]()
    for key, all_ms in durations.items():
        bins = Counter(bin_of(ms) for ms in all_ms) if with_bins else Counter[int]()
        closed[key] = Cell(len(all_ms), sum(all_ms), dict(bins))
        opened[key._replace(outcome=Outcome.OPENED)] += len(all_ms)
    return Counts({**closed, **{key: Cell(number) for key, number in opened.items()}})


def rows_holding(
    alerts: int, *, severities: int = len(SEVERITIES), kinds: Sequence[Kind] = ONE_KIND
) -> list[OverviewRow]:
    """Today's, this month's and the ALL row of a repository, each with so many closed alerts."""
    return [
        OverviewRow(
            key=RowKey(repository(0), period),
            revision=1,
            counts=closed_counts(
                alerts, severities=severities, with_bins=has_histogram(period), kinds=kinds
            ),
            spelling=Spelling(int(TODAY.timestamp() * 1_000), repository(0)),
            last_event_ms=int(TODAY.timestamp() * 1_000) if period == ALL else 0,
        )
        for period in (day_key(TODAY.date()), month_key(TODAY.date()), ALL)
    ]


def repository_item(row: OverviewRow) -> dict[str, Any]:
    """A row of a repository as it is stored."""
    (item,) = to_items(REPOSITORY, row)
    return item


def _today(number: int) -> datetime:
    return TODAY + timedelta(milliseconds=70 * number)


def _spread(number: int) -> float:
    return (number + 1) * _GOLDEN % 1
