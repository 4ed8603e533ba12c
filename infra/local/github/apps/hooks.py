"""Webhooks: who gets which event, and the record of each delivery, which can be repeated.

Owns hooks and deliveries, and the failures that a test can cause. `infra.local.client` signs and
sends the deliveries, as GitHub does.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock
from uuid import uuid4

import httpx2

from infra.local import client
from infra.local.github.forms.addresses import Json, text

Send = Callable[..., httpx2.Response]
_FIRST_ID = 100_000_000_000_000
_OK = "OK"
_UNASKED = frozenset({"installation", "ping"})
"""The events that every hook gets that they concern."""


class Trouble(StrEnum):
    """A failure of a delivery."""

    REFUSED = "failed to connect to host"
    """It is not sent; the record shows the failure."""
    TIMED_OUT = "timed out"
    """It is sent, but the record shows a failure, since the response was too late."""
    LOST = "lost"
    """It is neither sent nor recorded."""


_STATUS = {Trouble.REFUSED: 502, Trouble.TIMED_OUT: 504}


@dataclass(slots=True)
class Hook:
    """A webhook of an App, an organisation or a repository."""

    id: int
    kind: str
    url: str
    secret: str = field(repr=False)
    events: tuple[str, ...]
    created_at: datetime
    active: bool = True
    deliveries: list["Delivery"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver."""

    id: int
    guid: str
    hook: Hook = field(repr=False)
    event: str
    payload: Json = field(repr=False)
    delivered_at: datetime
    redelivery: bool
    status: str
    status_code: int
    installation_id: int | None
    repository_id: int | None

    def form(self) -> Json:
        """Return the JSON in the list of deliveries."""
        return {
            "id": self.id,
            "guid": self.guid,
            "delivered_at": text(self.delivered_at),
            "redelivery": self.redelivery,
            "duration": 0.1,
            "status": self.status,
            "status_code": self.status_code,
            "event": self.event,
            "action": self.payload.get("action"),
            "installation_id": self.installation_id,
            "repository_id": self.repository_id,
            "throttled_at": None,
        }


class Courier:
    """Delivers events to hooks, and keeps the records."""

    def __init__(self, clock: Callable[[], datetime], send: Send = client.deliver) -> None:
        """Deliver by `send`, which has the arguments of `infra.local.client.deliver`."""
        self._clock = clock
        self._send = send
        self._lock = Lock()
        self._last_id = _FIRST_ID
        self.kept_for = timedelta(days=3)
        """How long deliveries are kept; on Enterprise Server for 7 days."""
        self.trouble: Trouble | None = None
        """The failure of all deliveries at present."""

    @contextmanager
    def troubled(self, trouble: Trouble) -> Iterator[None]:
        """Let all deliveries fail in this way until the context ends."""
        self.trouble = trouble
        try:
            yield
        finally:
            self.trouble = None

    def deliver(
        self, hook: Hook, event: str, payload: Json, *, installation_id: int | None = None
    ) -> Delivery | None:
        """Deliver an event, if the hook is active and gets it; return the record."""
        if not hook.active or (event not in _UNASKED and event not in hook.events):
            return None
        repository = payload.get("repository")
        repository_id = repository.get("id") if isinstance(repository, dict) else None
        return self._attempt(
            hook, event, payload, str(uuid4()),
            installation_id=installation_id, repository_id=repository_id,
        )  # fmt: skip

    def redeliver(self, delivery: Delivery) -> Delivery | None:
        """Deliver the event of a delivery again; return the record of the new attempt."""
        return self._attempt(
            delivery.hook, delivery.event, delivery.payload, delivery.guid, is_again=True,
            installation_id=delivery.installation_id, repository_id=delivery.repository_id,
        )  # fmt: skip

    def kept(self, hook: Hook) -> list[Delivery]:
        """Return the deliveries that GitHub still has, newest first."""
        since = self._clock() - self.kept_for
        return [one for one in reversed(hook.deliveries) if one.delivered_at >= since]

    def _attempt(  # noqa: PLR0913
        self,
        hook: Hook,
        event: str,
        payload: Json,
        guid: str,
        *,
        installation_id: int | None,
        repository_id: int | None,
        is_again: bool = False,
    ) -> Delivery | None:
        trouble = self.trouble
        if trouble is Trouble.LOST:
            return None
        status, code = _OK, 200
        if trouble is not Trouble.REFUSED:
            status, code = self._status_of(hook, event, payload, guid)
        if trouble is not None:
            status, code = trouble.value, _STATUS[trouble]
        with self._lock:
            self._last_id += 1
            made = Delivery(
                self._last_id, guid, hook, event, payload, self._clock(), is_again,
                status, code, installation_id, repository_id,
            )  # fmt: skip
            hook.deliveries.append(made)
        return made

    def _status_of(self, hook: Hook, event: str, payload: Json, guid: str) -> tuple[str, int]:
        body = json.dumps(payload).encode()
        try:
            response = self._send(
                hook.url, secret=hook.secret, payload=body, event=event, delivery=guid
            )
        except httpx2.TimeoutException:
            return Trouble.TIMED_OUT.value, _STATUS[Trouble.TIMED_OUT]
        except httpx2.TransportError:
            return Trouble.REFUSED.value, _STATUS[Trouble.REFUSED]
        if response.is_success:
            return _OK, response.status_code
        return f"Invalid HTTP Response: {response.status_code}", response.status_code
