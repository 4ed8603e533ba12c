"""The type MetricsPoint: one group in one interval, as a row that a time-series panel takes.

Owns how tallies look to clients. Every number is computed when it is asked for, by `rollup`.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated

import strawberry

from graphql_api.schema.arguments import Unit
from graphql_api.schema.fields import field
from graphql_api.vocabulary.enums import DurationUnit, Measure
from graphql_api.vocabulary.errors import ApiError, BadDaysError, BadPercentError
from graphql_api.vocabulary.rounding import duration, duration_or_none, ratio
from graphql_api.vocabulary.scalars import DateTime
from ingest.instant import to_text
from rollup.metrics import ratios
from rollup.metrics.counts import Outcome
from rollup.metrics.histogram import EXACT_DAYS
from rollup.metrics.period import midnight_ms
from rollup.metrics.series import Comparison, Row
from rollup.metrics.tally import Group

LEAST_PERCENT, GREATEST_PERCENT = 1.0, 99.9


class Changes:
    """What the rows of one series are compared with, read when the first of them is asked for."""

    def __init__(self, read: Callable[[], Sequence[Comparison]]) -> None:
        self._read = read
        self._comparisons: Sequence[Comparison] | None = None
        self._refused: ApiError | None = None

    def of(self, place: int, measure: Measure) -> float | None:
        """Return how much a measure of the row at this place has changed."""
        if self._refused is not None:
            # Each of thousands of rows would read again what cannot be read.
            raise self._refused
        if self._comparisons is None:
            try:
                self._comparisons = self._read()
            except ApiError as error:
                self._refused = error
                raise
        now, before = self._comparisons[place]
        return now.change_since(before, measure)


@strawberry.type(description="What happened in one interval to the alerts of one group.")
class MetricsPoint:
    row: strawberry.Private[Row]
    label: strawberry.Private[Group]
    place: strawberry.Private[int]
    changes: strawberry.Private[Changes]

    @field("When the interval starts, at midnight UTC.")
    def period_start(self) -> DateTime:
        return _midnight(self.row.window.first)

    @field("When the interval ends, at midnight UTC; exclusive.")
    def period_end(self) -> DateTime:
        return _midnight(self.row.window.end)

    @field("By groupBy: a severity, a tool, `DEFAULT` or `OTHER`, `owner/name`. Null without it.")
    def group(self) -> str | None:
        return self.label

    @field("Alerts created in the interval.")
    def opened(self) -> int:
        return self.row.tally.count(Outcome.OPENED)

    @field("Alerts whose present closing lies in the interval, narrowed by closedAs.")
    def closed(self) -> int:
        return self.row.tally.closed.count

    @field("Alerts whose present closing lies in the interval and is a fix.")
    def fixed(self) -> int:
        return self.row.tally.count(Outcome.FIXED)

    @field("Alerts whose present closing lies in the interval: dismissed as false positives.")
    def false_positive(self) -> int:
        return self.row.tally.count(Outcome.FALSE_POSITIVE)

    @field("Alerts whose present closing lies in the interval: dismissed, will not be fixed.")
    def wont_fix(self) -> int:
        return self.row.tally.count(Outcome.WONT_FIX)

    @field("Alerts whose present closing lies in the interval: dismissed as used in tests.")
    def used_in_tests(self) -> int:
        return self.row.tally.count(Outcome.USED_IN_TESTS)

    @field("Alerts whose present closing lies in the interval: dismissed with no reason given.")
    def dismissed(self) -> int:
        return self.row.tally.count(Outcome.DISMISSED)

    @field("Reopenings in the interval; of each alert, its last twelve count.")
    def reopened(self) -> int:
        return self.row.tally.count(Outcome.REOPENED)

    @field("Alerts open when the interval ended; never narrowed by closedAs.")
    def open_at_end(self) -> int:
        return self.row.tally.open_at_end

    @field("The sum of the times to remediate over `closed`, in `unit`.")
    def total_time_to_remediate(self, unit: Unit = DurationUnit.MILLISECONDS) -> float:
        return duration(self.row.tally.closed.total_ms, unit)

    @field("The mean time to remediate over `closed`, in `unit`. Null where `closed` is 0.")
    def mean_time_to_remediate(self, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        return duration_or_none(ratios.mean_ms(self.row.tally.closed), unit)

    @field(
        "The median time to remediate over `closed`, in `unit`. Every percentile here is within "
        "5 %, and exact for a single closing. Closings whose times are so close that they share a "
        "bin of 10 % have their mean instead. Null where `closed` is 0."
    )
    def median_time_to_remediate(self, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        return duration_or_none(self.row.tally.percentile_ms(50), unit)

    @field("The time to remediate that 90 % of `closed` do not exceed, in `unit`. Or null.")
    def p90_time_to_remediate(self, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        return duration_or_none(self.row.tally.percentile_ms(90), unit)

    @field("The time to remediate that `percent` % of `closed` do not exceed, in `unit`. Or null.")
    def percentile_time_to_remediate(
        self,
        percent: Annotated[
            float, strawberry.argument(description="1 to 99.9, such as 95; 0.95 is an error.")
        ],
        unit: Unit = DurationUnit.MILLISECONDS,
    ) -> float | None:
        if not LEAST_PERCENT <= percent <= GREATEST_PERCENT:
            raise BadPercentError(f"percent is {percent}, but must be 1 to 99.9: 95 means 95 %.")
        return duration_or_none(self.row.tally.percentile_ms(percent), unit)

    @field(
        "The share, 0 to 1, of `closed` that took up to so many days of 24 hours, exact to 4 "
        "decimals. Alerts still open are not in it: see olderThan of the backlog. Null where "
        "`closed` is 0."
    )
    def share_closed_within(
        self,
        days: Annotated[
            int,
            strawberry.argument(
                description="1 to 30, 45, 60, 90, 120, 180 or 365; others are an error."
            ),
        ],
    ) -> float | None:
        if days not in EXACT_DAYS:
            raise BadDaysError(
                f"days is {days:,}, but must be 1 to 30, 45, 60, 90, 120, 180 or 365."
            )
        return ratio(ratios.share_within(self.row.tally.closed, days))

    @field("`closed` / `opened`, to 4 decimals. Null where nothing was opened.")
    def net_resolve_rate(self) -> float | None:
        return ratio(ratios.rate(self.closed(), self.opened()))

    @field(
        "How much a measure has changed, to 4 decimals: 0.25 is 25 % more than before. A DAY is "
        "compared with the day before; a WEEK or a MONTH, also a part of one, with the same days "
        "of the one before. A TOTAL is compared with the same days of the weeks, months, quarters "
        "or years before: the unit is what `from` is rounded to, as in `now/Q`. If `from` is a "
        "date or a timestamp, it is the smallest unit that starts on that day and holds the "
        "window, else months from the first of one. Any other TOTAL is compared with the equally "
        "many days before. The last day of a month corresponds to the last day of another. Today "
        "is not over, so it is left out of both sides; only OPEN_AT_END is compared as it is now. "
        "Null if either value is null or the earlier is 0, for today alone, and for a percentile "
        "whose change lies within the error of the two."
    )
    def change(
        self, of: Annotated[Measure, strawberry.argument(description="Of which measure.")]
    ) -> float | None:
        return ratio(self.changes.of(self.place, of))


def _midnight(day: date) -> DateTime:
    return DateTime(to_text(midnight_ms(day)))
