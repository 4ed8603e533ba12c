"""The requests for lists of alerts of an organisation or a repository.

Owns the choice of the index, and the rule that closed alerts are ordered by the time of closing and
all others by the time of creation. One condition is a key of the table or index. The others are a
filter that DynamoDB applies to the rows it read. Builds requests and never sends them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from graphql_api.reading.cursor import binding_of
from graphql_api.reading.tables import ALERT_ATTRIBUTES, IN_EVERY_ALERT, Listing, Tables
from graphql_api.selection.alert_days import Days
from graphql_api.selection.due_alerts import DueCondition
from graphql_api.selection.expressions import Expressions
from graphql_api.selection.filters import Conditions
from graphql_api.vocabulary.days import FIRST_YEAR, LAST_YEAR, Day
from graphql_api.vocabulary.enums import AlertState, ClosedAs, Sort
from graphql_api.vocabulary.errors import BadClosedAsError, BadOverdueError
from ingest.alerts import alert_key
from ingest.alerts import attributes as of_alert
from ingest.instant import to_text
from ingest.names import owner_of
from rollup.metrics.period import midnight_ms
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level
from rollup.service_levels.targets import Targets

_DAY = timedelta(days=1)
_PRIMARY = ((of_alert.REPOSITORY_NAME, "S"), (of_alert.ALERT_ID, "N"))


class _Partition(NamedTuple):
    """A partition of an index. `index_name` is None for the table itself."""

    organisation: str
    index_name: str | None
    key: str
    """The attribute that is the partition key."""
    value: str
    sort_key: str
    time: str
    """The attribute with the time by which the list is selected and ordered."""

    @property
    def position(self) -> tuple[tuple[str, str], ...]:
        """The attributes that make up a position in this partition, with their types."""
        if self.index_name is None:
            return _PRIMARY[1:]
        return ((self.sort_key, "S"), *_PRIMARY)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertListQuery:
    """The arguments of a list of alerts. None: no condition. Days are as the client wrote them."""

    level: Level
    name: str
    state: AlertState | None
    first: Day | None
    last: Day | None
    conditions: Conditions
    rules: Sequence[str] | None
    closed_as: Sequence[ClosedAs] | None
    overdue: bool | None
    order: Sort

    def __post_init__(self) -> None:
        """Check that `closedAs` is used with closed alerts only, and `overdue` with open ones."""
        state = "absent" if self.state is None else self.state.value
        if self.closed_as is not None and self.state is not AlertState.CLOSED:
            raise BadClosedAsError(f"closedAs requires state CLOSED, but state is {state}.")
        if self.overdue is not None and self.state is not AlertState.OPEN:
            raise BadOverdueError(f"overdue requires state OPEN, but state is {state}.")

    @property
    def binding(self) -> bytes:
        """The bytes that bind a cursor to this list."""
        conditions = self.conditions
        # Without `overdue`, cursors are those of the versions that did not have it.
        due = {} if self.overdue is None else {"overdue": self.overdue}
        return binding_of(
            "alerts of",
            level=self.level.name_attribute,
            name=self.name,
            state=self.state,
            first=self.first,
            last=self.last,
            severities=_sorted(conditions.severities),
            tools=_sorted(conditions.tools),
            branch=conditions.branch,
            repositories=_sorted(conditions.repositories),
            rules=_sorted(self.rules),
            closed_as=_sorted(self.closed_as),
            order=self.order,
            **due,
        )

    def listing(self, tables: Tables, days: Days, targets: Targets) -> Listing | None:
        """Return the list of the alerts of these days; None if it cannot contain any alert."""
        between = (_start(days.first), _end(days.last)) if days.is_limited else None
        due = None
        if self.overdue is not None and days.due_at_ms is not None:
            due = DueCondition.of(
                targets,
                self.conditions.severities,
                is_overdue=self.overdue,
                at_ms=days.due_at_ms,
            )
            if due.is_impossible:
                return None
            if due.last_creation is not None:
                start, end = between or (_start(None), _end(None))
                between = start, min(end, due.last_creation)
                if between[0] > between[1]:
                    return None
        listing = _listing(
            tables,
            _partition(self.level, self.name, self.state),
            between=between,
            due=due,
            filters={
                **_filters_of(self.level, self.conditions),
                of_alert.RULE: self.rules,
                of_alert.CLOSED_AS: self.closed_as,
            },
            order=self.order,
        )
        return listing._replace(kept=days.kept)


def all_of_organisation(tables: Tables, organisation: str) -> Listing:
    """Return the list of all alerts of an organisation by creation."""
    return _listing(
        tables,
        _partition(ORGANISATION, organisation, None),
        between=None,
        filters={},
        order=Sort.asc,
    )


def open_alerts(
    tables: Tables, level: Level, name: str, conditions: Conditions, between_ms: tuple[int, int]
) -> Listing:
    """Return the list of the open alerts created between two times in milliseconds."""
    return _listing(
        tables,
        _partition(level, name, AlertState.OPEN),
        between=(to_text(between_ms[0]), to_text(between_ms[1])),
        filters=_filters_of(level, conditions),
        order=Sort.asc,
    )


def _listing(  # noqa: PLR0913
    tables: Tables,
    partition: _Partition,
    *,
    between: tuple[str, str] | None,
    filters: Mapping[str, Sequence[str] | None],
    order: Sort,
    due: DueCondition | None = None,
) -> Listing:
    expressions = Expressions()
    keys = [expressions.equal(partition.key, partition.value)]
    conditions: list[str] = []
    if between is not None:
        is_key = partition.time == partition.sort_key
        (keys if is_key else conditions).append(expressions.between(partition.time, *between))
    conditions += [
        expressions.any_of(attribute, values)
        for attribute, values in filters.items()
        if values is not None
    ]
    if due is not None and (is_due := due.expression(expressions)) is not None:
        conditions.append(is_due)
    is_selective = bool(conditions)
    if partition.index_name is None:
        conditions.append(expressions.exists(IN_EVERY_ALERT))
    request: dict[str, Any] = {
        "TableName": tables.all_events,
        "KeyConditionExpression": " AND ".join(keys),
        "ProjectionExpression": expressions.names(*ALERT_ATTRIBUTES, partition.sort_key),
        "ExpressionAttributeNames": expressions.attributes,
        "ExpressionAttributeValues": expressions.values,
        "ScanIndexForward": order is Sort.asc,
    }
    if partition.index_name is not None:
        request["IndexName"] = partition.index_name
    if conditions:
        request["FilterExpression"] = " AND ".join(conditions)
    return Listing(
        operation="query",
        request=request,
        position=partition.position,
        shared={partition.key: {"S": partition.value}},
        organisation=partition.organisation,
        is_selective=is_selective,
    )


def _partition(level: Level, name: str, state: AlertState | None) -> _Partition:
    owner, time = owner_of(name), of_alert.CREATED_AT if state is None else of_alert.STATE_AT
    if level is REPOSITORY and state is None:
        # GitHub numbers the alerts of a repository in the order of their creation.
        return _Partition(owner, None, of_alert.REPOSITORY_NAME, name, of_alert.ALERT_ID, time)
    if state is None:
        index, key = alert_key.BY_ORGANISATION, of_alert.ORGANISATION_NAME
        return _Partition(owner, index, key, name, time, time)
    if level is REPOSITORY:
        index, key = alert_key.BY_REPOSITORY_STATE, of_alert.REPOSITORY_STATE
    else:
        index, key = alert_key.BY_ORGANISATION_STATE, of_alert.ORGANISATION_STATE
    return _Partition(owner, index, key, alert_key.state_key(name, state), time, time)


def _filters_of(level: Level, conditions: Conditions) -> Mapping[str, Sequence[str] | None]:
    return {
        of_alert.SEVERITY: conditions.severities,
        of_alert.TOOL: conditions.tools,
        of_alert.BRANCH: None if conditions.branch is None else (conditions.branch,),
        # DynamoDB refuses a filter by a key of the table: see Subject.is_excluded_by.
        of_alert.REPOSITORY_NAME: None if level is REPOSITORY else conditions.repositories,
    }


def _start(first: date | None) -> str:
    return to_text(midnight_ms(first or date(FIRST_YEAR, 1, 1)))


def _end(last: date | None) -> str:
    return to_text(midnight_ms((last or date(LAST_YEAR, 12, 31)) + _DAY) - 1)


def _sorted(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else sorted(values)
