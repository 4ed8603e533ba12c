"""The tables: alerts, the two levels of overviews, the ledger, the access keys and connections.

Owns keys, indexes, streams and expiry, and which restored tables are used instead. The stores own
the content of rows, and the stack grants access.
"""

from collections.abc import Iterable

from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from graphql_api.access.key_store import KEY_HASH
from graphql_api.reading.tables import ALERT_ATTRIBUTES
from infra.config import Config
from infra.constructs.retention import retention
from ingest.alerts import alert_key
from ingest.alerts import attributes as of_alert
from ingest.repositories import attributes as of_repository
from reconcile import connections as of_connection
from rollup.rows import attributes as names
from rollup.rows import overview_row

# An index always contains its own keys and those of the table; DynamoDB refuses to project them.
ALERT_FACTS = frozenset(ALERT_ATTRIBUTES) - {of_alert.REPOSITORY_NAME, of_alert.ALERT_ID} | {
    *(of_alert.STATE_AT, of_alert.ORGANISATION_STATE, of_alert.REPOSITORY_STATE)
}
_HEADLINES = frozenset(
    {names.ORGANISATION_NAME, names.OPEN_ALERTS, names.NUMBER_FIXED, names.NUMBER_MANUALLY_CLOSED}
    | {names.TOTAL_TIME_TO_REMEDIATE, names.MEAN_TIME_TO_REMEDIATE}
)
"""The attributes that lists of months show. They need no packed counts, which are much larger."""


class Storage(Construct):
    """The tables of a deployment."""

    def __init__(self, scope: Construct, name: str, *, config: Config) -> None:
        super().__init__(scope, name)
        self._config = config
        stream = dynamodb.StreamViewType.NEW_IMAGE
        self.all_events = self._table(
            "AllEvents",
            _text(of_alert.REPOSITORY_NAME),
            _number(of_alert.ALERT_ID),
            stream,
            expires_by=of_alert.EXPIRES_AT,
        )
        self._index_alerts(
            alert_key.BY_ORGANISATION, of_alert.ORGANISATION_NAME, of_alert.CREATED_AT
        )
        self._index_alerts(
            alert_key.BY_ORGANISATION_STATE, of_alert.ORGANISATION_STATE, of_alert.STATE_AT
        )
        self._index_alerts(
            alert_key.BY_REPOSITORY_STATE, of_alert.REPOSITORY_STATE, of_alert.STATE_AT
        )

        self.repository_overview = self._table(
            "RepositoryOverview", _text(names.REPOSITORY_NAME), _text(names.PERIOD), stream
        )
        _index_months(self.repository_overview, names.REPOSITORY_NAME, names.REPOSITORY_SPELLING)
        _add_index(
            self.repository_overview,
            index_name=overview_row.BY_ORGANISATION,
            partition_key=_text(names.ORGANISATION_NAME),
            sort_key=_text(names.PERIOD),
            projection_type=dynamodb.ProjectionType.ALL,
        )
        _add_index(
            self.repository_overview,
            index_name=overview_row.HEADLINES,
            partition_key=_text(names.ORGANISATION_NAME),
            sort_key=_text(names.PERIOD),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=[names.HEADLINE, names.REPOSITORY_SPELLING],
        )

        self.organisation_overview = self._table(
            "OrganisationOverview", _text(names.ORGANISATION_NAME), _text(names.PERIOD)
        )
        _index_months(
            self.organisation_overview, names.ORGANISATION_NAME, names.ORGANISATION_SPELLING
        )
        _add_index(
            self.organisation_overview,
            index_name=overview_row.LISTED,
            partition_key=_text(names.LISTED),
            sort_key=_text(names.ORGANISATION_NAME),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=[names.ORGANISATION_SPELLING],
        )

        self.repositories = self._table(
            "Repositories",
            _text(of_repository.KEY),
            stream=dynamodb.StreamViewType.KEYS_ONLY,
        )
        _add_index(
            self.repositories,
            index_name=of_repository.BY_ORGANISATION,
            partition_key=_text(of_repository.ORGANISATION_NAME),
            sort_key=_text(of_repository.KEY_NAME),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=[of_repository.FACTS],
        )
        self.ledger = self._table("Ledger", _text(names.SOURCE), _text(names.PART))
        self.access_keys = self._table("AccessKeys", _text(KEY_HASH))
        self.connections = self._table(
            "Connections", _text(of_connection.CONNECTION), _text(of_connection.TASK)
        )
        self.tables = (
            *(self.all_events, self.repository_overview, self.organisation_overview),
            *(self.repositories, self.ledger, self.access_keys, self.connections),
        )

    def _table(
        self,
        name: str,
        partition_key: dynamodb.Attribute,
        sort_key: dynamodb.Attribute | None = None,
        stream: dynamodb.StreamViewType | None = None,
        *,
        expires_by: str | None = None,
    ) -> dynamodb.ITable:
        if restored := self._config.restored_tables.get(name):
            return self._restored(name, restored)
        return dynamodb.Table(
            self,
            name,
            partition_key=partition_key,
            sort_key=sort_key,
            stream=stream,
            time_to_live_attribute=expires_by,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=retention(self._config),
        )

    def _restored(self, name: str, restored: str) -> dynamodb.ITable:
        """Return a restored table: its name, or the end of the ARN of its stream."""
        table, _, label = restored.partition("/")
        arn = Stack.of(self).format_arn(service="dynamodb", resource="table", resource_name=table)
        return dynamodb.Table.from_table_attributes(
            self, name, table_arn=arn, table_stream_arn=f"{arn}/{label}" if label else None
        )

    def _index_alerts(self, name: str, partition_key: str, sort_key: str) -> None:
        _add_index(
            self.all_events,
            index_name=name,
            partition_key=_text(partition_key),
            sort_key=_text(sort_key),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=sorted(ALERT_FACTS - {partition_key, sort_key}),
        )


INDEXES = {
    "AllEvents": (
        alert_key.BY_ORGANISATION,
        alert_key.BY_ORGANISATION_STATE,
        alert_key.BY_REPOSITORY_STATE,
    ),
    "RepositoryOverview": (
        overview_row.BY_MONTHLY_PERIOD,
        overview_row.BY_ORGANISATION,
        overview_row.HEADLINES,
    ),
    "OrganisationOverview": (overview_row.BY_MONTHLY_PERIOD, overview_row.LISTED),
    "Repositories": (of_repository.BY_ORGANISATION,),
}


def with_indexes(table: dynamodb.ITable) -> Iterable[str]:
    """Return the ARNs of a table and of each of its indexes."""
    arns = (f"{table.table_arn}/index/{name}" for name in INDEXES[table.node.id])
    return (table.table_arn, *arns)


def _add_index(  # noqa: PLR0913
    table: dynamodb.ITable,
    *,
    index_name: str,
    partition_key: dynamodb.Attribute,
    sort_key: dynamodb.Attribute,
    projection_type: dynamodb.ProjectionType,
    non_key_attributes: list[str] | None = None,
) -> None:
    """Add an index to a table of the stack. A restored table already has its indexes."""
    if isinstance(table, dynamodb.Table):
        table.add_global_secondary_index(
            index_name=index_name,
            partition_key=partition_key,
            sort_key=sort_key,
            projection_type=projection_type,
            non_key_attributes=non_key_attributes,
        )


def _index_months(table: dynamodb.ITable, name: str, spelling: str) -> None:
    _add_index(
        table,
        index_name=overview_row.BY_MONTHLY_PERIOD,
        partition_key=_text(names.MONTHLY_PERIOD),
        sort_key=_text(name),
        projection_type=dynamodb.ProjectionType.INCLUDE,
        non_key_attributes=sorted({*_HEADLINES, spelling} - {name}),
    )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def _number(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.NUMBER)
