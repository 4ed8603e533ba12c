"""The overview rows of a large organisation, which the rollup's own code makes from random alerts.

Owns the workload. A hundred repositories are models, which are made in full. Each repository of the
organisation is a copy of a model under its own name, so 20,000 take as long to make as 100.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import Any, TypeVar

from ingest.terms import Branch, ClosedAs, Severity
from rollup.metrics.counts import Cell, Counts
from rollup.rows.contribution import AlertContribution
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level, OverviewRow, to_items
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import Spelling

Item = dict[str, dict[str, Any]]
_T = TypeVar("_T")

LOGIN = "acme"
NAME = f"{LOGIN}/service-00000"
"""The name of each model. All names of repositories have this length."""

MODELS = 100
MONTHS = 25
_DAY_MS = 86_400_000

# How often each value occurs, as weights.
_SEVERITIES = {Severity.CRITICAL: 1, Severity.HIGH: 4, Severity.MEDIUM: 3, Severity.LOW: 2}
_BRANCHES = {Branch.DEFAULT: 4, Branch.OTHER: 1}
_TOOLS = {"CodeQL": 8, "Trivy": 4}
_CLOSINGS = {
    ClosedAs.FIXED: 12,
    ClosedAs.FALSE_POSITIVE: 3,
    ClosedAs.WONT_FIX: 2,
    ClosedAs.USED_IN_TESTS: 2,
    ClosedAs.MITIGATED: 1,
    ClosedAs.DISMISSED: 1,
}


@dataclass(frozen=True, eq=False)
class Workload:
    """An organisation with this number of repositories, and of alerts a month in each."""

    repositories: int
    alerts_a_month: int

    def name(self, index: int) -> str:
        """Return the name of a repository. Names ascend with their index."""
        return f"{LOGIN}/service-{index:05}"

    def periods(self, model: int) -> Iterable[str]:
        """Return the periods for which a model has a row."""
        return self._models[model]

    @cache  # noqa: B019
    def row(self, model: int, period: str) -> Item:
        """Return the row of a model for a period."""
        return _item(REPOSITORY, RowKey(NAME, period), self._counts(model, period))

    @cached_property
    def organisation_periods(self) -> list[str]:
        """The periods for which the organisation has a row, in order."""
        return sorted({period for model in self._models for period in model})

    @cache  # noqa: B019
    def organisation_row(self, period: str) -> Item:
        """Return the row of the organisation for a period."""
        counts = Counts.total(
            _multiplied(self._counts(model, period), len(range(model, self.repositories, MODELS)))
            for model in range(MODELS)
            if period in self._models[model]
        )
        return _item(ORGANISATION, RowKey(LOGIN, period), counts)

    def _counts(self, model: int, period: str) -> Counts:
        return Counts.total(self._models[model][period])

    @cached_property
    def _models(self) -> list[dict[str, list[Counts]]]:
        today = datetime.now(UTC).date()
        return [_by_period(self._alerts(random.Random(seed), today)) for seed in range(MODELS)]  # noqa: S311

    def _alerts(self, dice: random.Random, today: date) -> Iterable[AlertContribution]:
        first = today.replace(day=1)
        for _ in range(MONTHS - 1):
            first = (first - timedelta(days=1)).replace(day=1)
        end_ms = int(datetime(today.year, today.month, today.day, tzinfo=UTC).timestamp()) * 1_000
        start_ms = end_ms - (today - first).days * _DAY_MS
        for _ in range(self.alerts_a_month * MONTHS):
            created_ms = dice.randrange(start_ms, end_ms)
            closed_ms = created_ms + int(dice.lognormvariate(15, 2)) * 100
            is_closed = dice.random() < 0.9 and closed_ms < end_ms
            yield AlertContribution(
                repository=NAME,
                spelling=Spelling(created_ms, NAME),
                created_ms=created_ms,
                severity=_one_of(_SEVERITIES, dice),
                branch=_one_of(_BRANCHES, dice),
                tool=_one_of(_TOOLS, dice),
                closed_as=_one_of(_CLOSINGS, dice) if is_closed else None,
                closed_ms=closed_ms if is_closed else None,
                reopened_ms=(),
                earlier_closings=(),
                last_event_ms=created_ms,
            )


def _one_of(weights: Mapping[_T, int], dice: random.Random) -> _T:
    return dice.choices(tuple(weights), tuple(weights.values()))[0]


def _by_period(alerts: Iterable[AlertContribution]) -> dict[str, list[Counts]]:
    counts: dict[str, list[Counts]] = {}
    for alert in alerts:
        for key, share in alert.shares().items():
            counts.setdefault(key.period, []).append(share.counts)
    return counts


def _multiplied(counts: Counts, copies: int) -> Counts:
    return Counts(
        {
            key: Cell(
                cell.count * copies,
                cell.total_ms * copies,
                {index: number * copies for index, number in cell.bins.items()},
            )
            for key, cell in counts
        }
    )


def _item(level: Level, key: RowKey, counts: Counts) -> Item:
    at_ms = 1_700_000_000_000
    row = OverviewRow(key, 1, counts, Spelling(at_ms, key.name), last_event_ms=at_ms)
    return {**to_items(level, row)[0], "organisationName": {"S": LOGIN}}
