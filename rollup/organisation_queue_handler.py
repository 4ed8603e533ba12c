"""The Lambda function from the organisation queue to Organisation Overview.

It reads messages about changed rows, and those rows in Repository Overview. It writes rows of
Organisation Overview together with entries of the ledger.

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
from rollup.queues.message import unpack_rows
from rollup.rows.overview_row import ORGANISATION
from rollup.stores.rollup_store import RollupStore
from rollup.stores.row_reader import RowReader

logger = Logger()


@cache
def _reader() -> RowReader:
    return RowReader(
        boto3.client("dynamodb", config=TABLES.config),
        table=os.environ["REPOSITORY_OVERVIEW_TABLE"],
    )


@cache
def _store() -> RollupStore:
    return RollupStore(
        boto3.client("dynamodb", config=TABLES.config),
        level=ORGANISATION,
        table=os.environ["ORGANISATION_OVERVIEW_TABLE"],
        ledger=os.environ["LEDGER_TABLE"],
    )


make_at_start(_reader, _store)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Apply the rows named by one batch of messages, and return the messages that failed."""
    return apply_batch(
        event["Records"],
        level=Level.ORGANISATION,
        store=_store(),
        unpack=unpack_rows,
        entries_of=_reader().entries,
    )
