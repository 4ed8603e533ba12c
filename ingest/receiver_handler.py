"""The Lambda behind POST /github/webhook: HTTP API events (payload 2.0) in, JSON answers out.

Owns the decoding and encoding only; one log line an invocation, never a body or a secret.
"""

import json
import os
import time
from base64 import b64decode
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from ingest.errors import WebhookError
from ingest.webhooks.delivery import Accepted, Delivery, Ignored, Ping, understand, verify
from ingest.webhooks.event_bus import EventBus
from ingest.webhooks.secret_store import SecretStore

logger = Logger()

# GitHub waits ten seconds for an answer: a service that hangs must still leave time for the 503.
_IMPATIENT = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2})


@cache
def _secrets() -> SecretStore:
    client = boto3.client("secretsmanager", config=_IMPATIENT)
    secret_id = os.environ["WEBHOOK_SECRET_ID"]
    return SecretStore(client, secret_id=secret_id, clock=time.monotonic)


@cache
def _bus() -> EventBus:
    return EventBus(boto3.client("events", config=_IMPATIENT), name=os.environ["EVENT_BUS_NAME"])


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answer one delivery as the README's table of answers says."""
    delivery = _delivery_of(event)
    try:
        status, answer = _receive(delivery)
    except WebhookError as error:
        status, answer = error.status, {"outcome": "refused", "reason": error.reason}
    log = logger.error if status >= 500 else logger.info
    log("delivery", extra={"status": status, **delivery.names, **answer})
    headers = {"content-type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(answer)}


def _receive(delivery: Delivery) -> tuple[int, dict[str, str]]:
    verify(delivery, secrets=_secrets().values)
    match understand(delivery, now=datetime.now(UTC)):
        case Ping():
            return 200, {"outcome": "pong"}
        case Ignored(reason):
            return 202, {"outcome": "ignored", "reason": reason}
        case Accepted(event):
            _bus().put(event)
            return 202, {"outcome": "accepted", "alert": event.alert_id}


def _delivery_of(event: dict[str, Any]) -> Delivery:
    body = event.get("body") or ""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    # A lone surrogate is no text that GitHub signed: it is to be refused, not to end in a crash.
    raw = b64decode(body) if event.get("isBase64Encoded") else body.encode(errors="surrogatepass")
    return Delivery(headers, raw)
