"""The requests for the alerts of one partition: of an organisation or a repository, by their state.

Owns the choice of the index. One condition is a key of the table or index. The others are a filter
that DynamoDB applies to the rows it read. Builds requests and never sends them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from graphql_api.reading.expressions import Expressions
from graphql_api.reading.tables import ALERT_ATTRIBUTES, IN_EVERY_ALERT, Listing, Tables
from graphql_api.repositories.alert_filter import few_names
from graphql_api.selection.filters import Conditions
from graphql_api.vocabulary.enums import AlertState, Sort
from ingest.alerts import alert_key
from ingest.alerts import attributes as of_alert
from ingest.names import owner_of
from rollup.rows.overview_row import REPOSITORY, Level

_PRIMARY = ((of_alert.REPOSITORY_NAME, "S"), (of_alert.ALERT_ID, "N"))


class Partition(NamedTuple):
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


class Condition(Protocol):
    """A condition of a list that is not about the values of single attributes."""

    def expression(self, expressions: Expressions) -> str | None:
        """Return the condition of a request; None if every alert meets it."""


def listing_of(  # noqa: PLR0913
    tables: Tables,
    partition: Partition,
    *,
    between: tuple[str, str] | None,
    filters: Mapping[str, Sequence[str] | None],
    order: Sort = Sort.asc,
    condition: Condition | None = None,
    shown: Sequence[str] = ALERT_ATTRIBUTES,
) -> Listing:
    """Return the list of the alerts in a partition.

    Args:
        tables: The tables of the deployment.
        partition: The partition of an index or of the table.
        between: The first and the last time of the partition, both inclusive. None: all times.
        filters: The accepted values of attributes. None: any value.
        order: The order by the sort key.
        condition: A condition that is not about the values of single attributes.
        shown: The attributes of the rows.
    """
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
    if condition is not None and (extra := condition.expression(expressions)) is not None:
        conditions.append(extra)
    is_selective = bool(conditions)
    if partition.index_name is None:
        conditions.append(expressions.exists(IN_EVERY_ALERT))
    request: dict[str, Any] = {
        "TableName": tables.all_events,
        "KeyConditionExpression": " AND ".join(keys),
        "ProjectionExpression": expressions.names(*shown, partition.sort_key),
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


def partition_of(level: Level, name: str, state: AlertState | None) -> Partition:
    """Return the partition of the alerts of one state, or of all states."""
    owner, time = owner_of(name), of_alert.CREATED_AT if state is None else of_alert.STATE_AT
    if level is REPOSITORY and state is None:
        # GitHub numbers the alerts of a repository in the order of their creation.
        return Partition(owner, None, of_alert.REPOSITORY_NAME, name, of_alert.ALERT_ID, time)
    if state is None:
        index, key = alert_key.BY_ORGANISATION, of_alert.ORGANISATION_NAME
        return Partition(owner, index, key, name, time, time)
    if level is REPOSITORY:
        index, key = alert_key.BY_REPOSITORY_STATE, of_alert.REPOSITORY_STATE
    else:
        index, key = alert_key.BY_ORGANISATION_STATE, of_alert.ORGANISATION_STATE
    return Partition(owner, index, key, alert_key.state_key(name, state), time, time)


def filters_of(level: Level, conditions: Conditions) -> Mapping[str, Sequence[str] | None]:
    """Return the conditions as the accepted values of attributes."""
    return {
        of_alert.SEVERITY: conditions.severities,
        of_alert.TOOL: conditions.tools,
        of_alert.BRANCH: None if conditions.branch is None else (conditions.branch,),
        # DynamoDB refuses a filter by a key of the table: see Subject.is_excluded_by.
        of_alert.REPOSITORY_NAME: None if level is REPOSITORY else few_names(conditions.chosen),
    }
