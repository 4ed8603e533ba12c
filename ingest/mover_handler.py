"""The Lambda function on the stream of Repositories: it moves alerts to the name of a repository.

Owns only the decoding. It raises on any failure, so that Lambda retries the whole batch.
"""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from ingest.alerts.alert_store import AlertStore
from ingest.clients import TABLES, make_at_start
from ingest.origin import deliveries_of, merged
from ingest.recording.mover import Mover
from ingest.repositories.attributes import KEY
from ingest.repositories.repository import Repository
from ingest.repositories.repository_row import repository_id_of
from ingest.repositories.repository_store import RepositoryStore

RESERVE_MS = 10_000
"""The time that the end of an invocation needs, in milliseconds: longer than all its attempts."""

logger = Logger()


@cache
def _mover() -> Mover:
    client = boto3.client("dynamodb", config=TABLES.config)
    return Mover(
        client,
        alerts=AlertStore(client, table=os.environ["ALL_EVENTS_TABLE"]),
        repositories=RepositoryStore(client, table=os.environ["REPOSITORIES_TABLE"]),
    )


make_at_start(_mover)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Settle the repositories of one stream batch, each once."""
    keys = [record["dynamodb"]["Keys"][KEY]["S"] for record in event["Records"]]
    for repository_id in filter(None, map(repository_id_of, dict.fromkeys(keys))):
        seen: list[Repository] = []
        is_settled = _mover().settle(
            repository_id,
            has_time=lambda: context.get_remaining_time_in_millis() > RESERVE_MS,
            seen=seen.append,
        )
        logger.info(
            "settled" if is_settled else "continued later",
            repository=repository_id,
            deliveries=deliveries_of(merged(one.origins for one in seen)),
        )
