"""Which alerts of an organisation or a repository are listed, and where that list is read.

Owns the rule that a list goes by the time that its state decides: open alerts by creation, closed
ones by closing. Its leading condition is a key of the table or an index, the rest a filter on what
was read. Builds requests and never sends one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from graphql_api.reading.cursor import question
from graphql_api.reading.tables import ALERT_ATTRIBUTES, IN_EVERY_ALERT, Listing, Tables
from graphql_api.selection.alert_days import Days
from graphql_api.selection.filters import Conditions
from graphql_api.vocabulary.days import FIRST_YEAR, LAST_YEAR, Day
from graphql_api.vocabulary.enums import AlertState, ClosedAs, Sort
from graphql_api.vocabulary.errors import BadClosedAsError
from ingest.alerts import alert_key
from ingest.instant import to_text
from ingest.names import owner_of
from rollup.metrics.period import midnight_ms
from rollup.rows.overview_row import REPOSITORY, Level

_DAY = timedelta(days=1)
_PRIMARY = (("repositoryName", "S"), ("alertID", "N"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertQuestion:
    """Which alerts are asked for; None: no condition. Days are as the client wrote them."""

    level: Level
    name: str
    state: AlertState | None
    first: Day | None
    last: Day | None
    conditions: Conditions
    rules: Sequence[str] | None
    closed_as: Sequence[ClosedAs] | None
    order: Sort

    def __post_init__(self) -> None:
        """Refuse ways of closing where alerts can be open."""
        if self.closed_as is not None and self.state is not AlertState.CLOSED:
            raise BadClosedAsError("closedAs needs state CLOSED: open alerts have none.")

    @property
    def asked(self) -> bytes:
        """What a cursor of this list is bound to."""
        conditions = self.conditions
        return question(
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
        )

    def listing(self, tables: Tables, days: Days) -> Listing:
        """Return the list of these days, in its order."""
        listing = _listing(
            tables,
            _place(self.level, self.name, self.state),
            between=None if days == (None, None) else (_start(days.first), _end(days.last)),
            wanted={
                **_wanted(self.level, self.conditions),
                "rule": self.rules,
                "closedAs": self.closed_as,
            },
            order=self.order,
        )
        return listing._replace(kept=days.kept)


def open_alerts(
    tables: Tables, level: Level, name: str, conditions: Conditions, between_ms: tuple[int, int]
) -> Listing:
    """Return the list of alerts that are open now and were created between two moments."""
    listing = _listing(
        tables,
        _place(level, name, AlertState.OPEN),
        between=(to_text(between_ms[0]), to_text(between_ms[1])),
        wanted=_wanted(level, conditions),
        order=Sort.asc,
    )
    # Read as a whole, so no cursor continues it: its rows share their organisation.
    return listing._replace(shared={"organisationName": {"S": owner_of(name)}})


def _listing(
    tables: Tables,
    place: "_Place",
    *,
    between: tuple[str, str] | None,
    wanted: Mapping[str, Sequence[str] | None],
    order: Sort,
) -> Listing:
    expressions = _Expressions()
    keys = [expressions.equal(place.key, place.value)]
    filters: list[str] = []
    if between is not None:
        is_key = place.time == place.order
        (keys if is_key else filters).append(expressions.between(place.time, *between))
    filters += [
        expressions.any_of(attribute, values)
        for attribute, values in wanted.items()
        if values is not None
    ]
    is_selective = bool(filters)
    if place.index_name is None:
        filters.append(expressions.exists(IN_EVERY_ALERT))
    request: dict[str, Any] = {
        "TableName": tables.all_events,
        "KeyConditionExpression": " AND ".join(keys),
        "ProjectionExpression": expressions.names(*ALERT_ATTRIBUTES, place.order),
        "ExpressionAttributeNames": expressions.attributes,
        "ExpressionAttributeValues": expressions.values,
        "ScanIndexForward": order is Sort.asc,
    }
    if place.index_name is not None:
        request["IndexName"] = place.index_name
    if filters:
        request["FilterExpression"] = " AND ".join(filters)
    return Listing(
        operation="query",
        request=request,
        position=_PRIMARY[1:] if place.index_name is None else ((place.order, "S"), *_PRIMARY),
        shared={place.key: {"S": place.value}},
        is_selective=is_selective,
    )


def _place(level: Level, name: str, state: AlertState | None) -> "_Place":
    if level is REPOSITORY:
        if state is None:
            # GitHub numbers a repository's alerts as they are created.
            return _Place(None, "repositoryName", name, "alertID", "createdAt")
        value = alert_key.state_key(name, state)
        return _Place(alert_key.BY_REPOSITORY_STATE, "repositoryState", value, "stateAt", "stateAt")
    if state is None:
        index = alert_key.BY_ORGANISATION
        return _Place(index, "organisationName", name, "createdAt", "createdAt")
    value = alert_key.state_key(name, state)
    index = alert_key.BY_ORGANISATION_STATE
    return _Place(index, "organisationState", value, "stateAt", "stateAt")


def _wanted(level: Level, conditions: Conditions) -> Mapping[str, Sequence[str] | None]:
    return {
        "severity": conditions.severities,
        "tool": conditions.tools,
        "branch": None if conditions.branch is None else (conditions.branch,),
        # DynamoDB refuses a filter by a key of what is read: see Subject.is_left_out.
        "repositoryName": None if level is REPOSITORY else conditions.repositories,
    }


class _Place(NamedTuple):
    """An index (None: the table), its partition, what orders it, and the time it goes by."""

    index_name: str | None
    key: str
    value: str
    order: str
    time: str


class _Expressions:
    """The names and values that the expressions of one request refer to."""

    def __init__(self) -> None:
        self.attributes: dict[str, str] = {}
        self.values: dict[str, dict[str, str]] = {}

    def names(self, *attributes: str) -> str:
        """Return a list of attributes, each once."""
        return ",".join(self._name(attribute) for attribute in dict.fromkeys(attributes))

    def equal(self, attribute: str, value: str) -> str:
        return f"{self._name(attribute)} = {self._value(value)}"

    def between(self, attribute: str, first: str, last: str) -> str:
        return f"{self._name(attribute)} BETWEEN {self._value(first)} AND {self._value(last)}"

    def exists(self, attribute: str) -> str:
        return f"attribute_exists({self._name(attribute)})"

    def any_of(self, attribute: str, wanted: Sequence[str]) -> str:
        """Return the condition that an attribute has one of these values; "": that it is absent."""
        name = self._name(attribute)
        ways = [f"attribute_not_exists({name})"] if "" in wanted else []
        if values := [self._value(value) for value in wanted if value]:
            ways.append(f"{name} IN ({', '.join(values)})")
        return ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"

    def _name(self, attribute: str) -> str:
        self.attributes[f"#{attribute}"] = attribute
        return f"#{attribute}"

    def _value(self, value: str) -> str:
        name = f":v{len(self.values)}"
        self.values[name] = {"S": str(value)}
        return name


def _start(first: date | None) -> str:
    return to_text(midnight_ms(first or date(FIRST_YEAR, 1, 1)))


def _end(last: date | None) -> str:
    return to_text(midnight_ms((last or date(LAST_YEAR, 12, 31)) + _DAY) - 1)


def _sorted(wanted: Sequence[str] | None) -> list[str] | None:
    return None if wanted is None else sorted(wanted)
