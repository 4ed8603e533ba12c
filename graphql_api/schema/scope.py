"""The GraphQL type Scope: an organisation or a repository, with metrics, backlog and alerts.

Owns the checks of the arguments and the order of the steps. The modules `history`, `backlog` and
`alert_lists` do the work. An unknown name is not an error, and neither is a name that the API key
cannot read: both have zeros and no last event.
"""

import strawberry
from strawberry import UNSET

from graphql_api.reading.reader import DEFAULT_LIMIT
from graphql_api.schema.alert_page import alert_page
from graphql_api.schema.alert_type import PaginatedAlerts
from graphql_api.schema.arguments import (
    AlertLimit,
    AlertsNextToken,
    By,
    ByRule,
    ByTime,
    CountedClosings,
    FirstDay,
    FirstDayOrNone,
    FirstRules,
    Groups,
    Intervals,
    Largest,
    LastDay,
    LastDayOrNone,
    OnlyClosings,
    OnlyCwes,
    OnlyOverdue,
    OnlyRules,
    OnlyState,
    OrderOfRules,
)
from graphql_api.schema.backlog import Backlog
from graphql_api.schema.backlog_groups import LargestBacklogs, backlogs
from graphql_api.schema.context import Info
from graphql_api.schema.fields import field
from graphql_api.schema.history import points
from graphql_api.schema.metrics_point import MetricsPoint
from graphql_api.schema.named_scope import NamedScope
from graphql_api.schema.repository_facts_type import RepositoryFacts
from graphql_api.schema.rule_type import RuleMetrics
from graphql_api.schema.rules import RulesQuery, checked_first, rule_rows
from graphql_api.schema.service_level_type import ServiceLevel
from graphql_api.schema.service_levels import (
    FirstDueDay,
    LargestServiceLevels,
    OwnTargets,
    checked_targets,
    service_levels,
)
from graphql_api.selection.alert_lists import AlertListQuery
from graphql_api.selection.filters import (
    Filter,
    checked_top,
    conditions_of,
    counted_closings,
)
from graphql_api.selection.rules.cwe_pages import checked_cwes
from graphql_api.vocabulary.days import Day, past_window_of, unit_of, window_of
from graphql_api.vocabulary.enums import Basis, Interval, RuleKey, RuleOrder, Sort
from graphql_api.vocabulary.lists import distinct, distinct_texts
from rollup.metrics.series import SeriesQuery
from rollup.service_levels.due_alerts import DueQuery

_A_YEAR_AGO, _A_QUARTER_AGO, _NOW = Day("now-11M/M"), Day("now-89d"), Day("now")


@strawberry.type(
    description=(
        "An organisation or a repository, with its metrics over time, its backlog of open alerts, "
        "and the alerts themselves."
    )
)
class Scope(NamedScope):
    """The GraphQL type Scope."""

    @field(
        "What GitHub reported about the repository: visibility, topics and others. Null for an "
        "organisation, or if GitHub did not report anything."
    )
    def repository_facts(self, info: Info) -> RepositoryFacts | None:
        facts = RepositoryFacts.of(info.context.repositories, self.level, self.key)
        if facts is None:
            self.record_names(info)
        return facts

    @field(
        "One row for each interval and group, including zeros. Rows are ordered by time, then by "
        "rank (with `top`), severity or name. The numbers reflect the current state of the alerts: "
        "a reopened alert loses its earlier closing, so rows of the past can change. All series in "
        "a request can have 10,000 rows together. To stay below this limit, use `top`, a coarser "
        "interval or a shorter window."
    )
    def metrics(  # noqa: PLR0913, PLR0917
        self,
        info: Info,
        first: FirstDay = _A_YEAR_AGO,
        last: LastDay = _NOW,
        interval: Intervals = Interval.MONTH,
        group_by: Groups = UNSET,
        top: Largest = UNSET,
        filter: Filter = UNSET,  # noqa: A002
        closed_as: CountedClosings = UNSET,
        basis: By = Basis.CLOSED,
    ) -> list[MetricsPoint]:
        context, subject, groups = info.context, self.subject(info), group_by or None
        conditions = subject.resolved(conditions_of(filter))
        query = SeriesQuery(
            window=window_of(first, last, now=context.now),
            interval=interval,
            today=context.now.date(),
            selection=conditions.selection(groups, basis),
            closed_as=counted_closings(closed_as),
            unit=unit_of(first),
            now_ms=context.now_ms,
        )
        rows = points(info, subject, query, conditions, checked_top(top, groups))
        self.record_names(info, conditions, groups, found=bool(rows))
        return rows

    @field(
        "Alerts by their due date: one row for each interval, group and severity with a target. "
        "The due date is the creation plus the target, in days of 24 hours. A reopened alert "
        "keeps its creation. The counts are exact, and follow the current state of the alerts. "
        "Rows are ordered by time, then by rank (with `top`), severity or name. All series in a "
        "request can have 10,000 rows together."
    )
    def service_levels(  # noqa: PLR0913, PLR0917
        self,
        info: Info,
        first: FirstDueDay = _A_QUARTER_AGO,
        last: LastDay = _NOW,
        interval: Intervals = Interval.TOTAL,
        group_by: Groups = UNSET,
        top: LargestServiceLevels = UNSET,
        filter: Filter = UNSET,  # noqa: A002
        targets: OwnTargets = UNSET,
    ) -> list[ServiceLevel]:
        now = info.context.now
        conditions, groups = conditions_of(filter), group_by or None
        query = DueQuery(
            window=past_window_of(first, last, now=now),
            interval=interval,
            today=now.date(),
            selection=conditions.selection(groups, Basis.OPENED),
            targets=checked_targets(targets, info.context.targets, conditions),
        )
        rows = service_levels(self.subject(info), query, conditions, checked_top(top, groups))
        self.record_names(info, conditions, groups, found=bool(rows))
        return rows

    @field(
        "The alerts that are open now: one row, or one row for each known group. Grouped by "
        "REPOSITORY, every known repository has a row."
    )
    def backlog(
        self,
        info: Info,
        group_by: Groups = UNSET,
        top: LargestBacklogs = UNSET,
        filter: Filter = UNSET,  # noqa: A002
    ) -> list[Backlog]:
        subject, groups = self.subject(info), group_by or None
        conditions = subject.resolved(conditions_of(filter))
        rows = backlogs(info.context, subject, conditions, groups, checked_top(top, groups))
        self.record_names(info, conditions, groups, found=bool(rows))
        return rows

    @field(
        "The alerts, page by page. With state CLOSED, they are selected by `from` and `to` and "
        "ordered by the time of closing, otherwise by the time of creation."
    )
    def alerts(  # noqa: PLR0913, PLR0917
        self,
        info: Info,
        state: OnlyState = UNSET,
        first: FirstDayOrNone = UNSET,
        last: LastDayOrNone = UNSET,
        filter: Filter = UNSET,  # noqa: A002
        rule: OnlyRules = UNSET,
        closed_as: OnlyClosings = UNSET,
        overdue: OnlyOverdue = UNSET,
        cwe: OnlyCwes = UNSET,
        sort_direction: ByTime = Sort.desc,
        limit: AlertLimit = DEFAULT_LIMIT,
        next_token: AlertsNextToken = UNSET,
    ) -> PaginatedAlerts:
        context, subject = info.context, self.subject(info)
        conditions = subject.resolved(conditions_of(filter))
        query = AlertListQuery(
            level=self.level,
            name=self.key,
            state=state or None,
            first=first or None,
            last=last or None,
            conditions=conditions,
            rules=distinct_texts(rule, "rule"),
            closed_as=distinct(closed_as, "closedAs"),
            overdue=None if overdue is UNSET else overdue,
            cwes=checked_cwes(cwe, "cwe"),
            order=sort_direction,
        )
        token = next_token or None
        page = alert_page(context, query, limit=limit, token=token, now=context.now)
        if not page.data and token is None:
            self.record_names(info, conditions)
        return page

    @field(
        "Rules or CWEs, the largest first by `orderBy`: those with alerts that are open now, or "
        "were created or closed in the window. Counted from the alerts themselves, so all numbers "
        "are exact. A request can count 100,000 alerts, or about 9,000 by CWE. More are an error."
    )
    def rules(  # noqa: PLR0913, PLR0917
        self,
        info: Info,
        first_day: FirstDay = _A_QUARTER_AGO,
        last_day: LastDay = _NOW,
        filter: Filter = UNSET,  # noqa: A002
        closed_as: CountedClosings = UNSET,
        by: ByRule = RuleKey.RULE,
        order_by: OrderOfRules = RuleOrder.OPEN,
        first: FirstRules = 20,
    ) -> list[RuleMetrics]:
        context, subject = info.context, self.subject(info)
        conditions = subject.resolved(conditions_of(filter))
        query = RulesQuery(
            window=window_of(first_day, last_day, now=context.now),
            conditions=conditions,
            closed_as=counted_closings(closed_as),
            by=by,
            order=order_by,
            first=checked_first(first),
        )
        rows = rule_rows(context, subject, query)
        if not rows:
            self.record_names(info, conditions)
        return rows
