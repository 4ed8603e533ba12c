"""A webhook delivery: headers and bytes in, what to do with it out.

The sans-IO core of the receiver. Owns the order of the checks: size, signature, and only then what
the body says, so that nothing of an unverified body is ever parsed. Pure.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from ingest.errors import WebhookError
from ingest.event import AlertEvent, is_delivery_id
from ingest.webhooks.payload import action_of, event_of
from ingest.webhooks.signature import is_signed

MAX_BODY_BYTES = 1_048_576
_EVENT = "code_scanning_alert"
_EVENT_NAME = re.compile("[a-z0-9_]{1,100}")
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What arrived: header names in lower case, and the exact bytes that GitHub signed."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def names(self) -> dict[str, str]:
        """Its id and event, as far as they are fit for a log before anything is verified."""
        delivery_id = self.headers.get("x-github-delivery", "")
        event = self.headers.get("x-github-event", "")
        told = {"delivery": delivery_id} if is_delivery_id(delivery_id) else {}
        return told | ({"event": event} if _EVENT_NAME.fullmatch(event) else {})


@dataclass(frozen=True, slots=True)
class Ping:
    """GitHub tries the webhook out."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Understood, and nothing here changes by it: `event_ignored` or `action_ignored`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """An event for the bus."""

    event: AlertEvent


def verify(delivery: Delivery, *, secrets: Callable[[], Iterable[Iterable[str]]]) -> None:
    """Check size and signature; each further set of secrets is asked for only when needed.

    Raises WebhookError: 413 `body_too_large`, 401 `signature_missing` or `signature_wrong`.
    """
    if len(delivery.body) > MAX_BODY_BYTES:
        raise WebhookError(413, "body_too_large")
    header = delivery.headers.get("x-hub-signature-256")
    if not header:
        raise WebhookError(401, "signature_missing")
    if not any(is_signed(delivery.body, header=header, secrets=some) for some in secrets()):
        raise WebhookError(401, "signature_wrong")


def understand(delivery: Delivery, *, now: datetime) -> Ping | Ignored | Accepted:
    """What a verified delivery asks for.

    Raises WebhookError 400 or 422 with a stable reason.
    """
    event = delivery.headers.get("x-github-event")
    if not event:
        raise WebhookError(400, "event_missing")
    delivery_id = delivery.headers.get("x-github-delivery", "")
    if not is_delivery_id(delivery_id):
        raise WebhookError(400, "delivery_id_invalid")
    text = _text(delivery)
    payload = _payload(text)
    if event == "ping":
        return Ping()
    if event != _EVENT:
        return Ignored("event_ignored")
    action = action_of(payload)
    if action is None:
        return Ignored("action_ignored")
    return Accepted(
        event_of(
            payload,
            action=action,
            delivery_id=delivery_id,
            body_digest=hashlib.sha256(text.encode()).hexdigest(),
            now=now,
        )
    )


def _text(delivery: Delivery) -> str:
    """The JSON of a delivery, the same whichever content type brought it."""
    content_type = delivery.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        text = delivery.body.decode()
        if content_type == _FORM:
            return parse_qs(text, strict_parsing=True, max_num_fields=10)["payload"][0]
    except (ValueError, KeyError) as error:
        raise WebhookError(400, "body_not_json") from error
    if content_type != _JSON:
        raise WebhookError(400, "content_type_unknown")
    return text


def _payload(text: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise WebhookError(400, "body_not_json") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
