"""Sends HTTP requests to a deployed stack: signed webhooks like GitHub, and GraphQL queries.

Owns requests and signatures. Never calls AWS. It does not import the code that checks signatures,
so that a defect of that code cannot hide itself in the tests.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx2

from infra.errors import InfraError

_REDELIVERIES = 6
_LONGEST_PAUSE_S = 10
# One connection for each request, as from GitHub. No proxy: the stack is on this machine.
_HTTP = httpx2.Client(
    timeout=60, trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0)
)


class ClientError(InfraError):
    """The stack's response is not the expected one, or a condition does not become true."""


def sign(body: bytes, *, secret: str) -> str:
    """Return the header `X-Hub-Signature-256` (GitHub Docs, "Validating webhook deliveries")."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def form(payload: Mapping[str, Any]) -> bytes:
    """Return the body that GitHub sends for `application/x-www-form-urlencoded`."""
    return urlencode({"payload": json.dumps(payload)}).encode()


def request(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx2.Response:
    """Send one request and return the response, whatever its status.

    Raises:
        httpx2.HTTPError: The server did not respond.
    """
    return _HTTP.request(method, url, content=body, headers=headers)


def deliver(  # noqa: PLR0913
    url: str,
    *,
    secret: str,
    payload: Mapping[str, Any] | bytes,
    event: str = "code_scanning_alert",
    content_type: str = "application/json",
    delivery: str | None = None,
    overrides: Mapping[str, str | None] | None = None,
) -> httpx2.Response:
    """Deliver a webhook as GitHub does.

    Args:
        url: The address of the webhook.
        secret: The secret that signs the body.
        payload: An object, which is sent as JSON, or the body itself.
        event: The name of GitHub's event.
        content_type: The media type of the body.
        delivery: The id of the delivery; a new one by default.
        overrides: Headers to change. A header with the value None is left out.
    """
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    headers: dict[str, str | None] = {
        "Content-Type": content_type,
        "User-Agent": "GitHub-Hookshot/044aadd",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery or str(uuid4()),
        "X-Hub-Signature-256": sign(body, secret=secret),
        **(overrides or {}),
    }
    sent = {name: value for name, value in headers.items() if value is not None}
    return request(url, method="POST", body=body, headers=sent)


def deliver_until_accepted(
    url: str,
    *,
    secret: str,
    payload: Mapping[str, Any] | bytes,
    **options: Any,  # noqa: ANN401
) -> httpx2.Response:
    """Deliver a webhook, and redeliver it under the same id while the status is 429 or 5xx.

    An operator does the same with deliveries that GitHub shows as failed. Prints each redelivery,
    stops after about a minute, and returns the last response. Accepts the options of `deliver`.
    """
    options = {"delivery": str(uuid4()), **options}
    response = deliver(url, secret=secret, payload=payload, **options)
    for redelivery in range(_REDELIVERIES):
        if response.status_code < 500 and response.status_code != 429:
            break
        print(f"redelivering after {response.status_code} {response.text[:300]!r}", flush=True)
        time.sleep(min(2**redelivery, _LONGEST_PAUSE_S))
        response = deliver(url, secret=secret, payload=payload, **options)
    return response


def post_query(
    url: str, *, key: str | None, query: str, variables: Mapping[str, Any] | None = None
) -> httpx2.Response:
    """Send one GraphQL request, with the API key if there is one."""
    headers = {"Content-Type": "application/json", "Accept": "application/graphql-response+json"}
    if key is not None:
        headers["x-api-key"] = key
    body = json.dumps({"query": query, "variables": dict(variables or {})}).encode()
    return request(url, method="POST", body=body, headers=headers)


def query_data(
    url: str, *, key: str, query: str, variables: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Send one GraphQL request and return its data.

    Raises:
        ClientError: The response has errors, or is not a GraphQL response.
    """
    response = post_query(url, key=key, query=query, variables=variables)
    try:
        document: dict[str, Any] = response.json()
    except ValueError:
        document = {}
    if response.status_code != 200 or "data" not in document or document.get("errors"):
        raise ClientError(f"{response.status_code}: {response.text[:500]!r}")
    data: dict[str, Any] = document["data"]
    return data


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Call `condition` until it returns true.

    Raises:
        ClientError: The condition takes longer than `seconds`; the message contains `what`.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise ClientError(f"gave up after {seconds:.0f} s waiting for {what}")
        time.sleep(0.2)
