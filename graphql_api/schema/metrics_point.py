"""The GraphQL type MetricsPoint: one group in one interval, a row of a time series.

Owns the conversion from tallies to fields. `rollup` computes each number, and only when a query
selects its field.
"""

from datetime import date
from typing import Annotated

import strawberry

from graphql_api.schema.arguments import Percent, Unit
from graphql_api.schema.changes import Changes
from graphql_api.schema.fields import field
from graphql_api.vocabulary.enums import DurationUnit, Measure
from graphql_api.vocabulary.errors import BadDaysError
from graphql_api.vocabulary.percents import checked_percent
from graphql_api.vocabulary.rounding import duration, duration_or_none, ratio
from graphql_api.vocabulary.scalars import DateTime
from ingest.instant import to_text
from rollup.metrics import ratios
from rollup.metrics.counts import Outcome
from rollup.metrics.histogram import EXACT_DAYS
from rollup.metrics.period import midnight_ms
from rollup.metrics.series import Row
from rollup.metrics.tally import DURATIONS, Group


@strawberry.type(description="What happened to the alerts of one group in one interval.")
class MetricsPoint:
    """The GraphQL type MetricsPoint."""

    row: strawberry.Private[Row]
    label: strawberry.Private[Group]
    position: strawberry.Private[int]
    changes: strawberry.Private[Changes]

    @field("The start of the interval, at midnight UTC.")
    def period_start(self) -> DateTime:
        return _midnight(self.row.window.first)

    @field("The end of the interval, at midnight UTC. Exclusive.")
    def period_end(self) -> DateTime:
        return _midnight(self.row.window.end)

    @field(
        "The name of the group. Depending on `groupBy`, it is a severity, a tool, `DEFAULT` or "
        "`OTHER`, or `owner/name`. Null without `groupBy`."
    )
    def group(self) -> str | None:
        return self.label

    @field("The number of alerts created in the interval.")
    def opened(self) -> int:
        return self.row.tally.count(Outcome.OPENED)

    @field(
        "The number of alerts whose current closing counts in the interval and is one of "
        "`closedAs`."
    )
    def closed(self) -> int:
        return self.row.tally.closed.count

    @field("The number of alerts whose current closing counts in the interval and is a fix.")
    def fixed(self) -> int:
        return self.row.tally.closings(Outcome.FIXED)

    @field(
        "The number of alerts whose current closing counts in the interval and is a dismissal as a "
        "false positive."
    )
    def false_positive(self) -> int:
        return self.row.tally.closings(Outcome.FALSE_POSITIVE)

    @field(
        "The number of alerts whose current closing counts in the interval and is a dismissal "
        "because they will not be fixed."
    )
    def wont_fix(self) -> int:
        return self.row.tally.closings(Outcome.WONT_FIX)

    @field(
        "The number of alerts whose current closing counts in the interval and is a dismissal "
        "because the code is used in tests."
    )
    def used_in_tests(self) -> int:
        return self.row.tally.closings(Outcome.USED_IN_TESTS)

    @field(
        "The number of alerts whose current closing counts in the interval and is a dismissal "
        "because the risk is mitigated in another way."
    )
    def mitigated(self) -> int:
        return self.row.tally.closings(Outcome.MITIGATED)

    @field(
        "The number of alerts whose current closing counts in the interval and is a dismissal "
        "without a reason, or for an unknown reason."
    )
    def dismissed(self) -> int:
        return self.row.tally.closings(Outcome.DISMISSED)

    @field("The number of reopenings in the interval. For each alert, only the last twelve count.")
    def reopened(self) -> int:
        return self.row.tally.count(Outcome.REOPENED)

    @field("The number of alerts open at the end of the interval. Not affected by `closedAs`.")
    def open_at_end(self) -> int:
        return self.row.tally.open_at_end

    @field("The sum of the times to remediate of the `closed` alerts, in `unit`.")
    def total_time_to_remediate(self, unit: Unit = DurationUnit.MILLISECONDS) -> float:
        return duration(self.row.tally.closed.total_ms, unit)

    @field(
        "The mean time to remediate of the `closed` alerts, in `unit`. Null if `closed` is 0 and, "
        "with basis OPENED, until the interval is over and none of its alerts is open."
    )
    def mean_time_to_remediate(self, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        return duration_or_none(self.row.tally.mean_ms, unit)

    @field(
        "The median time to remediate of the `closed` alerts, in `unit`. All percentiles are "
        "within 5 %, and exact for a single closing. They come from a histogram with bins 10 % "
        "wide; if all times are in the same bin, each percentile is their mean. Null if `closed` "
        "is 0. With basis OPENED, percentiles count all alerts created in the interval, and those "
        "that are not `closed` come last. They are null until they can no longer change."
    )
    def median_time_to_remediate(self, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        return duration_or_none(self.row.tally.percentile_ms(50), unit)

    @field(
        "The 90th percentile of the time to remediate: 90 % of the `closed` alerts took at most "
        "this time, in `unit`. Null if `closed` is 0."
    )
    def p90_time_to_remediate(self, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        return duration_or_none(self.row.tally.percentile_ms(90), unit)

    @field(
        "Any percentile of the time to remediate: `percent` % of the `closed` alerts took at most "
        "this time, in `unit`. Null if `closed` is 0."
    )
    def percentile_time_to_remediate(
        self,
        percent: Percent,
        unit: Unit = DurationUnit.MILLISECONDS,
    ) -> float | None:
        return duration_or_none(self.row.tally.percentile_ms(checked_percent(percent)), unit)

    @field(
        "The share of the `closed` alerts, 0 to 1, that took at most `days` days of 24 hours. "
        "Exact to 4 decimals. Open alerts do not count: for these, see `olderThan` of the backlog. "
        "Null if `closed` is 0. With basis OPENED, it is the share of all alerts created in the "
        "interval, and null until `days` days of 24 hours after the end of the interval."
    )
    def share_closed_within(
        self,
        days: Annotated[
            int,
            strawberry.argument(
                description=(
                    "The number of days: 1 to 30, 45, 60, 90, 120, 180 or 365. Other values are an "
                    "error."
                )
            ),
        ],
    ) -> float | None:
        if days not in EXACT_DAYS:
            raise BadDaysError(
                f"days is {days:,}, but must be 1 to 30, 45, 60, 90, 120, 180 or 365."
            )
        return ratio(self.row.tally.share_within(days))

    @field(
        "`opened` minus `closed`: positive if more alerts were opened than closed. Reopened alerts "
        "do not count again as opened."
    )
    def net(self) -> int:
        return self.opened() - self.closed()

    @field("`closed` divided by `opened`, to 4 decimals. Null if `opened` is 0.")
    def net_resolve_rate(self) -> float | None:
        return ratio(ratios.rate(self.closed(), self.opened()))

    @field(
        "The relative change of a measure since an earlier period, to 4 decimals: 0.25 means 25 % "
        "more. A `DAY` is compared with the day before. A `WEEK` or `MONTH`, or a part of one, is "
        "compared with the same days of the previous one. A `TOTAL` is compared with the same days "
        "of the previous weeks, months, quarters or years. The unit is the one that `from` is "
        "rounded to, as in `now/Q`. If `from` is a date or a timestamp, the unit is the smallest "
        "one that starts on that day and contains the window, or the month if the window starts on "
        "the first of a month and no unit contains it. Any other `TOTAL` is compared with the same "
        "number of days before it. The last day of a month corresponds to the last day of another "
        "month. Today is incomplete, so it is excluded from both sides; only `OPEN_AT_END` uses "
        "the current value. Null if one of the two values is null, if the earlier value is 0, if "
        "the interval is today alone, or if a percentile changed by less than the error of the two "
        "values."
    )
    def change(
        self, of: Annotated[Measure, strawberry.argument(description="The measure to compare.")]
    ) -> float | None:
        return ratio(self.changes.of(self.position).change(of))

    @field(
        "The value of a measure in the earlier period that `change` compares with, in `unit` for "
        "times to remediate. Today is excluded, as in `change`: if the interval contains today, "
        "the earlier period ends with the day that corresponds to yesterday. Null if the interval "
        "is today alone, except for `OPEN_AT_END`, or if the earlier time to remediate is null."
    )
    def before(
        self,
        of: Annotated[Measure, strawberry.argument(description="The measure to return.")],
        unit: Unit = DurationUnit.MILLISECONDS,
    ) -> float | None:
        earlier = self.changes.of(self.position).earlier(of)
        return duration_or_none(earlier, unit) if of in DURATIONS else earlier


def _midnight(day: date) -> DateTime:
    return DateTime(to_text(midnight_ms(day)))
