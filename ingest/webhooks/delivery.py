"""A webhook delivery: the core of the receiver, without I/O.

Owns the order of the checks: the size, the signature, then the body. An unverified body is never
parsed. Pure.
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
from ingest.events.alert_event import AlertEvent, is_delivery_id
from ingest.events.repository_event import RepositoryEvent
from ingest.webhooks.payload import action_of, event_of, has_unknown_reason
from ingest.webhooks.repository_payload import repository_event_of
from ingest.webhooks.signature import is_signed

MAX_BODY_BYTES = 5 * 1_048_576
"""An invocation of Lambda has at most 6 MB, in which a JSON body is escaped."""
_EVENT = "code_scanning_alert"
_REPOSITORY_EVENT = "repository"
_EVENT_NAME = re.compile("[a-z0-9_]{1,100}")
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A received delivery: its headers, with names in lower case, and the exact signed bytes."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def names(self) -> dict[str, str]:
        """The id and the event of a delivery, if they are safe to log before verification."""
        delivery_id = self.headers.get("x-github-delivery", "")
        event = self.headers.get("x-github-event", "")
        names = {"delivery": delivery_id} if is_delivery_id(delivery_id) else {}
        return names | ({"event": event} if _EVENT_NAME.fullmatch(event) else {})


@dataclass(frozen=True, slots=True)
class Ping:
    """GitHub tests the webhook."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A valid delivery without an effect: `event_ignored` or `action_ignored`.

    `action` is the action of the payload if it is the reason, else None.
    """

    reason: str
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A delivery with an event about an alert for the bus.

    `has_unknown_reason` is whether its alert is dismissed for a reason that has no outcome here.
    """

    event: AlertEvent
    has_unknown_reason: bool = False


@dataclass(frozen=True, slots=True)
class AcceptedRepository:
    """A delivery with an event about a repository for the bus."""

    event: RepositoryEvent


def verify(delivery: Delivery, *, secrets: Callable[[], Iterable[Iterable[str]]]) -> None:
    """Check the size and the signature of a delivery.

    Args:
        delivery: The delivery.
        secrets: Returns sets of secrets. A further set is read only if no earlier one matches.

    Raises:
        WebhookError: 413 `body_too_large`, or 401 `signature_missing` or `signature_wrong`.
    """
    if len(delivery.body) > MAX_BODY_BYTES:
        raise WebhookError(413, "body_too_large")
    header = delivery.headers.get("x-hub-signature-256")
    if not header:
        raise WebhookError(401, "signature_missing")
    if not any(is_signed(delivery.body, header=header, secrets=some) for some in secrets()):
        raise WebhookError(401, "signature_wrong")


def understand(
    delivery: Delivery, *, now: datetime, keep_actors: bool = False
) -> Ping | Ignored | Accepted | AcceptedRepository:
    """Return what a verified delivery reports.

    The event names a person only if `keep_actors` is set.

    Raises:
        WebhookError: The headers or the body are not valid, 400 or 422.
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
    if event == _REPOSITORY_EVENT:
        found = repository_event_of(payload, delivery_id=delivery_id, now=now)
        if found is None:
            return Ignored("action_ignored", payload["action"])
        return AcceptedRepository(found)
    if event != _EVENT:
        return Ignored("event_ignored")
    action = action_of(payload)
    if action is None:
        return Ignored("action_ignored", payload["action"])
    accepted = event_of(
        payload,
        action=action,
        delivery_id=delivery_id,
        body_digest=hashlib.sha256(text.encode()).hexdigest(),
        now=now,
        keep_actors=keep_actors,
    )
    return Accepted(accepted, has_unknown_reason(payload, accepted))


def _text(delivery: Delivery) -> str:
    """Return the JSON text of a delivery, which is the same for both content types."""
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
