"""The Lambda between the stream of All Events and the queue of the repositories' overviews.

Owns the decoding only. It raises on any failure, so that the whole batch is tried again.
"""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from rollup.queues.forwarding import alert_messages
from rollup.queues.sender import Sender

logger = Logger()


@cache
def _sender() -> Sender:
    return Sender(boto3.client("sqs"), queue_url=os.environ["REPOSITORY_QUEUE_URL"])


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Tell the repositories' overviews what changed."""
    records = event["Records"]
    sent = _sender().send(alert_messages(records))
    logger.info("forwarded", records=len(records), messages=sent)
