"""The Lambda function from the repository queue to Repository Overview.

It reads messages about changed alerts, and writes rows of Repository Overview together with entries
of the ledger.

Owns only the decoding. It reports the messages that failed, so that SQS delivers them again.
"""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from ingest.clients import TABLES, make_at_start
from ingest.metrics.names import Level
from rollup.queues.batch import apply_batch
from rollup.queues.message import unpack_alerts
from rollup.rows.overview_row import REPOSITORY
from rollup.stores.rollup_store import RollupStore

logger = Logger()


@cache
def _store() -> RollupStore:
    return RollupStore(
        boto3.client("dynamodb", config=TABLES.config),
        level=REPOSITORY,
        table=os.environ["REPOSITORY_OVERVIEW_TABLE"],
        ledger=os.environ["LEDGER_TABLE"],
    )


make_at_start(_store)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Apply the alerts of one batch of messages, and return the messages that failed."""
    return apply_batch(
        event["Records"],
        level=Level.REPOSITORY,
        store=_store(),
        unpack=unpack_alerts,
        entries_of=list,
    )
