"""The Lambda function from the stream of All Events to the repository queue.

It reads stream records, and writes messages about the changed alerts.

Owns only the decoding. It raises on any failure, so that Lambda retries the whole batch.
"""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from ingest.clients import TABLES, make_at_start
from ingest.origin import deliveries_of
from rollup.queues.forwarding import alert_messages, origins_of
from rollup.queues.sender import Sender

logger = Logger()


@cache
def _sender() -> Sender:
    return Sender(
        boto3.client("sqs", config=TABLES.config), queue_url=os.environ["REPOSITORY_QUEUE_URL"]
    )


make_at_start(_sender)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Send the changed alerts of one stream batch to the repository queue."""
    records = event["Records"]
    deliveries = deliveries_of(origins_of(records))
    try:
        sent = _sender().send(alert_messages(records), stream=records[0]["eventSourceARN"])
    except Exception:
        logger.exception("not forwarded", records=len(records), deliveries=deliveries)
        raise
    logger.info("forwarded", records=len(records), messages=sent, deliveries=deliveries)
