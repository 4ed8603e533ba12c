"""Alerts that arrive while something happens to a deployed stack, and the exact sums of them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from threading import Event
from typing import Any

from infra.local import client
from infra.local.deployment import Deployment
from tests.support.command_line import gcsmttr
from tests.support.deployed_stack import closed_and_open, depths, send_all, settled, wait
from tests.support.sample_webhooks import payload

CREATED = datetime(2026, 3, 2, 9, tzinfo=UTC)
SUMS = 'metrics(interval: TOTAL, from: "2026-03-01") { opened closed }'
COHORT = (
    'metrics(from: "2026-03-01", to: "2026-03-31", interval: TOTAL, basis: OPENED)'
    " { opened closed shareClosedWithin(days: 7) }"
)


class Traffic:
    """New alerts, every second one of which is fixed after three days, and queries."""

    def __init__(self, deployment: Deployment, *, owner: str) -> None:
        self._deployment = deployment
        self._repositories = tuple(f"{owner}/{name}" for name in ("api", "app", "web"))
        self._numbers = count(1)
        self._stop = Event()
        self.owner = owner
        self.alerts = 0
        self.fixed = 0
        self.statuses: list[int] = []

    def deliver(self, alerts: int) -> None:
        """Deliver some alerts, then the closings of every second one of them."""
        created = [
            (self._repositories[number % len(self._repositories)], number)
            for number in (next(self._numbers) for _ in range(alerts))
        ]
        fixed = created[::2]
        send_all(self._deployment, (payload("created", *alert, CREATED) for alert in created))
        times: dict[str, Any] = dict.fromkeys(("fixed_at", "updated_at"), "2026-03-05T09:00:00Z")
        send_all(
            self._deployment,
            (payload("fixed", *alert, CREATED, state="fixed", **times) for alert in fixed),
        )
        self.alerts += len(created)
        self.fixed += len(fixed)

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """Deliver and query until the context ends."""
        self._stop.clear()
        with ThreadPoolExecutor(1) as pool:
            delivering = pool.submit(self._run)
            try:
                yield
            finally:
                self._stop.set()
            delivering.result()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.deliver(4)
            self.statuses.append(query(self._deployment, self.owner, SUMS).status_code)


def query(deployment: Deployment, owner: str, field: str) -> Any:
    """Return the response to a query for a field of an organisation."""
    return client.post_query(
        deployment.url("GraphqlUrl"),
        key=deployment.api_key,
        query=f'{{ organisation(name: "{owner}") {{ {field} }} }}',
    )


def assert_exact(deployment: Deployment, traffic: Traffic) -> None:
    """Wait for the sums of all deliveries, and compare each row with a recount."""
    wait(lambda: settled(deployment, traffic.owner), "the sums of all deliveries")
    assert depths(deployment, dead=True) == 0
    assert closed_and_open(deployment, traffic.owner) == (
        traffic.fixed,
        traffic.alerts - traffic.fixed,
    )
    verified = gcsmttr(deployment, "verify", "--all")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    counts = {"opened": traffic.alerts, "closed": traffic.fixed}
    assert query(deployment, traffic.owner, SUMS).json()["data"] == {
        "organisation": {"metrics": [counts]}
    }
    (cohort,) = query(deployment, traffic.owner, COHORT).json()["data"]["organisation"]["metrics"]
    assert cohort["shareClosedWithin"] == round(traffic.fixed / traffic.alerts, 4)
