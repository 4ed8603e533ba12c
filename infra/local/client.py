"""Sends HTTP requests to a deployed stack: signed webhooks like GitHub, and GraphQL queries.

Owns requests and signatures. Never calls AWS, and imports nothing of the system, so that the code
that checks a signature does not make it.
"""

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

_SECONDS = 60
_REDELIVERIES = 6
_LONGEST_PAUSE_S = 10


class ClientError(Exception):
    """The response of the stack is not the one that the request needs."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401
        """The body as JSON; ClientError if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise ClientError(f"{self.status}: {self.body[:300]!r}") from error


def sign(body: bytes, *, secret: str) -> str:
    """The value of `X-Hub-Signature-256` (GitHub Docs, "Validating webhook deliveries")."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def form(payload: Mapping[str, Any]) -> bytes:
    """The body that GitHub sends for `application/x-www-form-urlencoded`."""
    return urlencode({"payload": json.dumps(payload)}).encode()


def request(
    url: str,
    *,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    source: str | None = None,
) -> Answer:
    """Send one request, from the local address `source` when given."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(
        parts.netloc, timeout=_SECONDS, source_address=(source, 0) if source else None
    )
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body=body or None, headers=dict(headers or {}))
        answer = connection.getresponse()
        return Answer(
            status=answer.status,
            headers={name.lower(): value for name, value in answer.getheaders()},
            body=answer.read(),
        )
    finally:
        connection.close()


def deliver(  # noqa: PLR0913
    url: str,
    *,
    secret: str,
    payload: Mapping[str, Any] | bytes,
    event: str = "code_scanning_alert",
    content_type: str = "application/json",
    delivery: str | None = None,
    source: str | None = None,
    overrides: Mapping[str, str | None] | None = None,
) -> Answer:
    """Deliver a webhook as GitHub does; `overrides` changes headers, None leaves one out."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    headers: dict[str, str | None] = {
        "Content-Type": content_type,
        "User-Agent": "GitHub-Hookshot/044aadd",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery or str(uuid4()),
        "X-Hub-Signature-256": sign(body, secret=secret),
        **(overrides or {}),
    }
    kept = {name: value for name, value in headers.items() if value is not None}
    return request(url, method="POST", body=body, headers=kept, source=source)


def deliver_until_taken(
    url: str,
    *,
    secret: str,
    payload: Mapping[str, Any] | bytes,
    **options: Any,  # noqa: ANN401
) -> Answer:
    """Deliver, and redeliver what GitHub would show as failed, as its operator would.

    A redelivery is the same request with the same id. Prints each one, and gives up after about a
    minute: the last response is returned, whatever it is. Takes the options of `deliver`.
    """
    options = {"delivery": str(uuid4()), **options}
    answer = deliver(url, secret=secret, payload=payload, **options)
    for redelivery in range(_REDELIVERIES):
        if answer.status < 500 and answer.status != 429:
            break
        print(f"redelivering after {answer.status} {answer.body[:300]!r}", flush=True)
        time.sleep(min(2**redelivery, _LONGEST_PAUSE_S))
        answer = deliver(url, secret=secret, payload=payload, **options)
    return answer


def ask(
    url: str, *, key: str | None, query: str, variables: Mapping[str, Any] | None = None
) -> Answer:
    """Send one GraphQL request over HTTP."""
    headers = {"Content-Type": "application/json", "Accept": "application/graphql-response+json"}
    if key is not None:
        headers["x-api-key"] = key
    body = json.dumps({"query": query, "variables": dict(variables or {})}).encode()
    return request(url, method="POST", body=body, headers=headers)


def data(
    url: str, *, key: str, query: str, variables: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The data of one GraphQL response; ClientError if it has errors or no data."""
    answer = ask(url, key=key, query=query, variables=variables)
    document = answer.json()
    if answer.status != 200 or not isinstance(document, dict) or document.get("errors"):
        raise ClientError(f"{answer.status}: {answer.body[:500]!r}")
    found: dict[str, Any] = document["data"]
    return found


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Call `condition()` until it is true; ClientError with `what` if that takes too long."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise ClientError(f"gave up after {seconds:.0f} s waiting for {what}")
        time.sleep(0.2)
