"""The type Scope: an organisation or a repository, with its history, its present and its alerts.

Owns the checks of the arguments and the order of the steps; what the answers amount to belongs to
`history`, `backlog` and `alert_lists`. A name under which nothing ever arrived is not an error, and
neither is one that the bearer of the key may not read: both have zeros, and no last event.
"""

from datetime import UTC, datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from graphql_api.reading.item import spelling, text
from graphql_api.schema.alert_type import Alert, PaginatedAlerts
from graphql_api.schema.arguments import FirstDay, FirstDayOrNone, LastDay, LastDayOrNone
from graphql_api.schema.backlog import Backlog, Backlogs
from graphql_api.schema.context import Context, Info
from graphql_api.schema.fields import field
from graphql_api.schema.history import points
from graphql_api.schema.metrics_point import MetricsPoint
from graphql_api.selection.ages import Ages, OpenBetween
from graphql_api.selection.alert_days import Days
from graphql_api.selection.alert_lists import AlertQuestion, open_alerts
from graphql_api.selection.filters import (
    EVERYTHING,
    Conditions,
    Filter,
    Top,
    checked_top,
    chosen,
    conditions,
    counted_closings,
    texts,
)
from graphql_api.selection.subject import Subject
from graphql_api.vocabulary.days import Day, unit_of, window_of
from graphql_api.vocabulary.enums import AlertState, ClosedAs, GroupBy, Interval, Sort
from graphql_api.vocabulary.scalars import DateTime
from rollup.metrics.series import SeriesQuery
from rollup.metrics.tool_limit import OTHER
from rollup.rows.overview_row import Level

_A_YEAR_AGO, _NOW = Day("now-11M/M"), Day("now")

_Closings = Annotated[
    list[ClosedAs] | None,
    strawberry.argument(
        description=(
            "Which closings count as closed and in times to remediate; all of them by default. "
            "GitHub's own number: all but FALSE_POSITIVE, in a filter by branch DEFAULT, by the "
            "severities CRITICAL, HIGH, MEDIUM and LOW, and, as its overview opens, by tool "
            "CodeQL. GitLab's: FIXED."
        )
    ),
]
_Groups = Annotated[
    GroupBy | None, strawberry.argument(description="Absent: one group, of everything.")
]
_Top = Annotated[
    Top | None,
    strawberry.argument(
        description="Only the groups that are largest over the whole window, largest first."
    ),
]


@strawberry.type(
    description=(
        "An organisation or a repository: its history (metrics), its present (backlog) and its "
        "alerts."
    )
)
class Scope:
    level: strawberry.Private[Level]
    key: strawberry.Private[str]
    spelled: strawberry.Private[str]
    is_known: strawberry.Private[bool]

    @field(
        "The organisation's login, or `owner/name` of the repository, in its newest spelling; as "
        "it was asked for where nothing ever arrived under it."
    )
    def name(self, info: Info) -> str:
        if self.is_known:
            return self.spelled
        self._note(info)
        whole = info.context.overviews.whole(self.level, self.key)
        return self.spelled if whole is None else spelling(self.level, whole)

    @field(
        "When the newest event that is counted here happened. Null: nothing ever arrived under "
        "this name, so its zeros mean nothing."
    )
    def last_event_at(self, info: Info) -> DateTime | None:
        self._note(info)
        whole = info.context.overviews.whole(self.level, self.key)
        at = None if whole is None else text(whole, "lastEventAt")
        return None if at is None else DateTime(at)

    @field(
        "One row per interval and group, zeros included, ordered by time, then by rank (top), "
        "severity or name. Built from the alerts' present state: a reopened alert loses its "
        "earlier closing, so past rows can change. All series of a request have at most 10,000 "
        "rows: ask for top, a coarser interval or a shorter window."
    )
    def metrics(  # noqa: PLR0913, PLR0917
        self,
        info: Info,
        first: FirstDay = _A_YEAR_AGO,
        last: LastDay = _NOW,
        interval: Annotated[
            Interval, strawberry.argument(description="Into what the window is cut.")
        ] = Interval.MONTH,
        group_by: _Groups = UNSET,
        top: _Top = UNSET,
        filter: Filter = UNSET,  # noqa: A002
        closed_as: _Closings = UNSET,
    ) -> list[MetricsPoint]:
        now = _now(info.context)
        wanted, groups = conditions(filter), group_by or None
        query = SeriesQuery(
            window=window_of(first, last, now=now),
            interval=interval,
            today=now.date(),
            selection=wanted.selection(groups),
            closed_as=counted_closings(closed_as),
            unit=unit_of(first),
        )
        rows = points(self._subject(info), query, wanted, checked_top(top, groups))
        self._note(info, wanted, groups, found=bool(rows))
        return rows

    @field(
        "Open alerts now. One row, or one for each known group; by REPOSITORY every known "
        "repository has one."
    )
    def backlog(
        self,
        info: Info,
        group_by: _Groups = UNSET,
        filter: Filter = UNSET,  # noqa: A002
    ) -> list[Backlog]:
        wanted, groups = conditions(filter), group_by or None
        context, subject = info.context, self._subject(info)
        reading = subject.reading(wanted, groups)
        ages = Ages(
            reading,
            open_between=self._open_between(context, wanted),
            budget=context.budget,
            now_ms=context.now_ms,
        )
        rows = Backlogs(reading, ages, subject.labels(groups)).rows()
        self._note(info, wanted, groups, found=bool(rows))
        return rows

    @field(
        "CLOSED alerts by the time of their closing, others by that of their creation: the order, "
        "`from` and `to` go by the same time."
    )
    def alerts(  # noqa: PLR0913, PLR0917
        self,
        info: Info,
        state: Annotated[
            AlertState | None, strawberry.argument(description="Absent: open and closed ones.")
        ] = UNSET,
        first: FirstDayOrNone = UNSET,
        last: LastDayOrNone = UNSET,
        filter: Filter = UNSET,  # noqa: A002
        rule: Annotated[
            list[str] | None,
            strawberry.argument(description="The exact id of a rule, such as `js/xss`; up to 50."),
        ] = UNSET,
        closed_as: Annotated[
            list[ClosedAs] | None,
            strawberry.argument(description="Closed in one of these ways. Needs state CLOSED."),
        ] = UNSET,
        sort_direction: Annotated[
            Sort, strawberry.argument(description="The order by time.")
        ] = Sort.desc,
        limit: Annotated[
            int,
            strawberry.argument(
                description=(
                    "The most rows of a page: 1 to 1,000. A page can be shorter and still have a "
                    "nextToken."
                )
            ),
        ] = 100,
        next_token: Annotated[
            str | None,
            strawberry.argument(
                description=(
                    "The nextToken of the page before, asked with the same arguments. Relative "
                    "days stay those of the first page, also after midnight."
                )
            ),
        ] = UNSET,
    ) -> PaginatedAlerts:
        context, wanted = info.context, conditions(filter)
        asked = AlertQuestion(
            level=self.level,
            name=self.key,
            state=state or None,
            first=first or None,
            last=last or None,
            conditions=wanted,
            rules=texts(rule, "rule"),
            closed_as=chosen(closed_as, "closedAs"),
            order=sort_direction,
        )
        reader, token = context.reader, next_token or None
        days = (
            Days.of(asked.first, asked.last, now=_now(context))
            if token is None
            else Days.kept_by(reader.seal.open(token, asked=asked.asked))
        )
        if self._subject(info).is_left_out(wanted):
            page = reader.empty_page(limit=limit, token=token, asked=asked.asked)
        else:
            listing = asked.listing(context.tables, days)
            page = reader.page(listing, limit=limit, token=token, asked=asked.asked)
        if not page.items and token is None:
            self._note(info, wanted)
        data = [Alert(item=item) for item in page.items]
        return PaginatedAlerts(data=data, next_token=page.next_token)

    def _note(
        self,
        info: Info,
        wanted: Conditions = EVERYTHING,
        group_by: GroupBy | None = None,
        *,
        found: bool = False,
    ) -> None:
        """Have unknown names warned of; groups that were found are those of a known name."""
        if wanted.has_names or not (found and group_by):
            info.context.unknown_names.note(self._subject(info), info.path, wanted, group_by)

    def _open_between(self, context: Context, wanted: Conditions) -> OpenBetween:
        # Which tools are pooled is known to `ages` alone.
        chosen = wanted._replace(tools=None) if OTHER in (wanted.tools or ()) else wanted
        return lambda *between_ms: context.reader.all(
            open_alerts(context.tables, self.level, self.key, chosen, between_ms)
        )

    def _subject(self, info: Info) -> Subject:
        return Subject(level=self.level, name=self.key, overviews=info.context.overviews)


def _now(context: Context) -> datetime:
    return datetime.fromtimestamp(context.now_ms / 1_000, tz=UTC)
