"""The bundles: which functions share a folder, and what it contains besides their imports."""

from dataclasses import dataclass

PACKAGES = ("ingest", "github_rest", "redelivery", "rollup", "graphql_api", "reconcile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The functions that run from one folder."""

    name: str
    handlers: tuple[str, ...]
    """The modules with the functions, such as `ingest.receiver_handler`."""
    packages: tuple[str, ...] = PACKAGES
    """The packages of the project that it can contain modules of."""
    services: tuple[str, ...] = ()
    """The AWS services that botocore needs the descriptions of."""
    page: str | None = None
    """The name of the page that the bundle contains, such as `graphiql`, None without a page."""


INGEST = Bundle(
    name="ingest",
    handlers=(
        "ingest.authorizer_handler",
        "ingest.receiver_handler",
        "ingest.recorder_handler",
        "ingest.mover_handler",
    ),
    services=("dynamodb", "events", "secretsmanager", "ssm"),
)
ROLLUP = Bundle(
    name="rollup",
    handlers=(
        "rollup.alert_stream_handler",
        "rollup.repository_queue_handler",
        "rollup.repository_stream_handler",
        "rollup.organisation_queue_handler",
    ),
    services=("dynamodb", "sqs"),
)
QUERY = Bundle(name="query", handlers=("graphql_api.query_handler",), services=("dynamodb",))
DASHBOARD = Bundle(name="dashboard", handlers=("graphql_api.dashboard.handler",), page="dashboard")
GRAPHIQL = Bundle(name="graphiql", handlers=("graphql_api.graphiql.handler",), page="graphiql")
GITHUB = Bundle(
    name="github",
    handlers=(
        "reconcile.redelivery_handler",
        "reconcile.refresher_handler",
        "reconcile.workflow_handler",
    ),
    services=("dynamodb", "events", "secretsmanager", "ssm"),
)
BUNDLES = (INGEST, ROLLUP, QUERY, DASHBOARD, GRAPHIQL, GITHUB)
