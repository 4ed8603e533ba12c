"""The tables: alerts, the two levels of overviews, the ledger, the access keys and connections.

Owns keys, indexes, streams, expiry and protection. The stores own the content of rows, and the
stack grants access.
"""

from collections.abc import Iterable

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from graphql_api.access.key_store import KEY_HASH
from graphql_api.reading.tables import ALERT_ATTRIBUTES
from infra.config import Config
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
        self.repository_overview.add_global_secondary_index(
            index_name=overview_row.BY_ORGANISATION,
            partition_key=_text(names.ORGANISATION_NAME),
            sort_key=_text(names.PERIOD),
            projection_type=dynamodb.ProjectionType.ALL,
        )
        self.repository_overview.add_global_secondary_index(
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
        self.organisation_overview.add_global_secondary_index(
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
        self.repositories.add_global_secondary_index(
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

    def _table(
        self,
        name: str,
        partition_key: dynamodb.Attribute,
        sort_key: dynamodb.Attribute | None = None,
        stream: dynamodb.StreamViewType | None = None,
        *,
        expires_by: str | None = None,
    ) -> dynamodb.Table:
        keeps = self._config.target.keeps_data
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
            deletion_protection=self._config.deletion_protection,
            removal_policy=RemovalPolicy.RETAIN if keeps else RemovalPolicy.DESTROY,
        )

    def _index_alerts(self, name: str, partition_key: str, sort_key: str) -> None:
        self.all_events.add_global_secondary_index(
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


def with_indexes(table: dynamodb.Table) -> Iterable[str]:
    """Return the ARNs of a table and of each of its indexes."""
    arns = (f"{table.table_arn}/index/{name}" for name in INDEXES[table.node.id])
    return (table.table_arn, *arns)


def _index_months(table: dynamodb.Table, name: str, spelling: str) -> None:
    table.add_global_secondary_index(
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
