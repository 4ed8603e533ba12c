"""Queries that run while alerts arrive: each response must be well-formed, and never an error."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import httpx2

from infra.local import client
from infra.local.deployment import Deployment
from tests.chaos.story import Story
from tests.chaos.trial import NO_RESPONSE

_PAUSE_S = 0.1
_BUSY = "busy"
_QUERIES = (
    '{ organisation(name: "OWNER") { metrics(interval: MONTH) { periodStart opened closed } } }',
    (
        '{ organisation(name: "OWNER") { metrics(interval: TOTAL, groupBy: REPOSITORY)'
        " { group opened closed openAtEnd } } }"
    ),
    '{ organisation(name: "OWNER") { backlog(groupBy: SEVERITY) { group open } } }',
    '{ organisation(name: "OWNER") { alerts(state: OPEN) { data { id } nextToken } } }',
    "{ organisations { name } }",
)
_TOTALS = (
    '{ organisation(name: "OWNER") { metrics(from: "2026-01-01", to: "2026-12-31",'
    " interval: TOTAL) { opened closed openAtEnd } } }"
)


@dataclass(slots=True)
class Asked:
    """What the queries returned: the number of responses by status, and all wrong responses."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@contextmanager
def asking(deployment: Deployment, owners: Sequence[str]) -> Iterator[Asked]:
    """Send queries one after the other inside the context."""
    asked, stop = Asked(), Event()

    def ask() -> None:
        number = 0
        while not stop.wait(_PAUSE_S):
            query = _QUERIES[number % len(_QUERIES)]
            _ask(deployment, query.replace("OWNER", owners[number % len(owners)]), asked)
            number += 1

    thread = Thread(target=ask)
    thread.start()
    try:
        yield asked
    finally:
        stop.set()
        thread.join()


def _ask(deployment: Deployment, query: str, asked: Asked) -> None:
    started = time.monotonic()
    url, key = deployment.url("GraphqlUrl"), deployment.api_key
    try:
        response = client.post_query(url, key=key, query=query)
    except httpx2.TimeoutException:
        asked.statuses[NO_RESPONSE] += 1
        asked.wrong.append(f"no response after {time.monotonic() - started:.1f} s: {query}")
        return
    asked.statuses[response.status_code] += 1
    try:
        document: dict[str, Any] = response.json()
    except ValueError:
        document = {}
    reasons = {one["extensions"]["reason"] for one in document.get("errors", ())}
    # An organisation is unknown until its first alert is counted.
    if response.status_code != 200 or "data" not in document or reasons - {_BUSY}:
        seconds = time.monotonic() - started
        asked.wrong.append(f"{response.status_code} after {seconds:.1f} s: {response.text[:200]}")


def totals(deployment: Deployment, story: Story) -> list[str]:
    """Return the organisations whose totals in the API are not those of the story."""
    found = []
    url, key = deployment.url("GraphqlUrl"), deployment.api_key
    for owner in story.owners:
        own = [one for one in story.expected if one.repository.startswith(f"{owner}/")]
        closed = sum(one.closed_at is not None for one in own)
        expected = {"opened": len(own), "closed": closed, "openAtEnd": len(own) - closed}
        data = client.query_data(url, key=key, query=_TOTALS.replace("OWNER", owner))
        (actual,) = data["organisation"]["metrics"]
        if actual != expected:
            found.append(f"API, {owner}: expected {expected}, found {actual}")
    return found
