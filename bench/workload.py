"""Invented events of one organisation, and overview rows that count many alerts already.

The same on every run. Pure.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from ingest.alerts import alert_row
from ingest.alerts.alert_row import AlertRow
from ingest.alerts.change import change_of, origin_of
from ingest.events.alert_event import AlertEvent
from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.instant import cut
from ingest.terms import Action, Branch, ClosedAs, Ref, Severity
from rollup.metrics.counts import COHORTS, Cell, CellKey, Counts, Outcome
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


def repository(number: int) -> str:
    """Return the name of a repository."""
    return f"{ORGANISATION}/service-{number:03}"


def created(number: int, *, repositories: int = 1, at: datetime | None = None) -> AlertEvent:
    """Return the creation of an alert.

    Args:
        number: The alert; it decides the repository and the severity.
        repositories: The number of repositories that share the alerts.
        at: When it was created; today by default.
    """
    at = at or TODAY + timedelta(milliseconds=70 * number)
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
        seen=SeenRepository(
            id=1 + number % repositories, name=name, seen_at=at, facts=RepositoryFacts()
        ),
    )


def fixed(creation: AlertEvent, *, at: datetime) -> AlertEvent:
    """Return the fix of an alert."""
    at = cut(at)
    return replace(
        creation,
        delivery_id=f"fixed-{creation.delivery_id}",
        action=Action.FIXED,
        happened_at=at,
        received_at=at,
        closed_as=ClosedAs.FIXED,
    )


def stream_record(*events: AlertEvent) -> dict[str, Any]:
    """Return the record in the stream of All Events after these events of one alert."""
    changes = frozenset(change_of(event) for event in events)
    origins = (origin_of(events[-1]),)
    row = AlertRow(events[0].repository, events[0].number, len(changes), changes, origins=origins)
    return {"dynamodb": {"NewImage": alert_row.to_item(row)}}


def rows_with(closed_alerts: int, *, kinds: Sequence[Kind] = ONE_KIND) -> list[OverviewRow]:
    """Return the rows of a repository for today, this month and ALL.

    The alerts of a day or month were created and closed in it, so they are in both histograms.

    Args:
        closed_alerts: The number of alerts that each row counts.
        kinds: The kinds of these alerts; each has all four severities.
    """
    return [
        OverviewRow(
            key=RowKey(repository(0), period),
            revision=1,
            counts=_counts(closed_alerts, kinds, with_bins=has_histogram(period)),
            spelling=Spelling(int(TODAY.timestamp() * 1_000), repository(0)),
            last_event_ms=int(TODAY.timestamp() * 1_000) if period == ALL else 0,
        )
        for period in (day_key(TODAY.date()), month_key(TODAY.date()), ALL)
    ]


def item_of(row: OverviewRow) -> dict[str, Any]:
    """Return the item of a repository's row."""
    (item,) = to_items(REPOSITORY, row)
    return item


def _counts(closed_alerts: int, kinds: Sequence[Kind], *, with_bins: bool) -> Counts:
    """Count alerts that were open for between one minute and two years."""
    durations: dict[CellKey, list[int]] = {}
    for number in range(closed_alerts):
        tool, branch, closed_as = kinds[number // len(SEVERITIES) % len(kinds)]
        key = CellKey(SEVERITIES[number % len(SEVERITIES)], branch, tool, closed_as)
        fraction = (number + 1) * _GOLDEN % 1
        ms = int(_SHORTEST_MS * 10 ** (_DECADES * fraction))
        durations.setdefault(key, []).append(ms)
    closed, opened = {}, Counter[CellKey]()
    for key, all_ms in durations.items():
        bins = Counter(bin_of(ms) for ms in all_ms) if with_bins else Counter[int]()
        closed[key] = Cell(len(all_ms), sum(all_ms), dict(bins))
        if with_bins:
            closed[key._replace(outcome=COHORTS[key.outcome])] = closed[key]
        opened[key._replace(outcome=Outcome.OPENED)] += len(all_ms)
    return Counts({**closed, **{key: Cell(number) for key, number in opened.items()}})
