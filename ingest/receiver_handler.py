"""The Lambda function behind POST /github/webhook.

Decodes requests and encodes JSON responses (HTTP API, payload format 2.0). Logs one line for each
invocation, and never a body or a secret.
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

from ingest.bus.event_bus import EventBus
from ingest.clients import WEBHOOK, make_at_start
from ingest.errors import WebhookError
from ingest.metrics.names import ACTION, REASON, Name, ignored_action
from ingest.metrics.report import counted, report
from ingest.webhooks.connected_apps import webhook_secrets_of
from ingest.webhooks.delivery import (
    Accepted,
    AcceptedRepository,
    Delivery,
    Ignored,
    Ping,
    understand,
    verify,
)
from ingest.webhooks.secret_store import SecretStore, SecretStores

logger = Logger()


@cache
def _secrets() -> SecretStores:
    client = boto3.client("secretsmanager", config=WEBHOOK.config)
    made_by_hand, apps = os.environ["WEBHOOK_SECRET_ID"], os.environ["GITHUB_APPS_SECRET_ID"]
    return SecretStores(
        SecretStore(client, secret_id=made_by_hand, clock=time.monotonic),
        SecretStore(client, secret_id=apps, clock=time.monotonic, values_of=webhook_secrets_of),
    )


@cache
def _bus() -> EventBus:
    return EventBus(
        boto3.client("events", config=WEBHOOK.config), name=os.environ["EVENT_BUS_NAME"]
    )


make_at_start(_secrets, _bus)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Process one delivery and return the HTTP response."""
    delivery = _delivery_of(event)
    notes: dict[str, bool] = {}
    try:
        status, body, notes = _receive(delivery)
    except WebhookError as error:
        status, body = error.status, {"outcome": "refused", "reason": error.reason}
        report({Name.REFUSED: 1}, {REASON: error.reason})
    log = logger.error if status >= 500 else logger.info
    log("delivery", extra={"status": status, **delivery.names, **body, **notes})
    headers = {"content-type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}


def _receive(delivery: Delivery) -> tuple[int, dict[str, str], dict[str, bool]]:
    """Return the status and the body of the response, and notes for the log line."""
    verify(delivery, secrets=_secrets().values)
    keep_actors = os.environ["KEEP_ACTORS"] == "true"
    match understand(delivery, now=datetime.now(UTC), keep_actors=keep_actors):
        case Ping():
            return 200, {"outcome": "pong"}, {}
        case Ignored(reason, action):
            report({Name.IGNORED: 1}, {ACTION: ignored_action(reason, action)})
            return 202, {"outcome": "ignored", "reason": reason}, {}
        case AcceptedRepository(event):
            _bus().put_repository(event)
            report({Name.ACCEPTED: 1})
            return 202, {"outcome": "accepted", "repository": event.seen.name}, {}
        case Accepted(event, has_unknown_reason):
            _bus().put(event)
            report(counted({Name.ACCEPTED: 1, Name.UNKNOWN_REASONS: int(has_unknown_reason)}))
            notes = {"unknownReason": True} if has_unknown_reason else {}
            return 202, {"outcome": "accepted", "alert": event.alert_id}, notes


def _delivery_of(event: dict[str, Any]) -> Delivery:
    body = event.get("body") or ""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    # GitHub never signs a lone surrogate. The delivery must be refused, not crash the function.
    raw = b64decode(body) if event.get("isBase64Encoded") else body.encode(errors="surrogatepass")
    return Delivery(headers, raw)
