"""One trial: alerts are delivered while faults apply, and all rows must be exact in the end.

Owns the steps: deliver, wait until nothing moves, run the remedies, and compare every row.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import httpx2

from infra.local import client
from infra.local.deployment import Deployment
from tests.chaos import recount, remedies
from tests.chaos.faults import Fault
from tests.chaos.proxy import Proxy
from tests.chaos.stage import APPLIERS, with_variables
from tests.chaos.story import Story
from tests.support.deployed_stack import quiet, recorded

SECONDS_TO_SETTLE = 900
"""The emulator names a throttled function by another error than AWS: its retries take minutes."""
NO_VARIABLES: Mapping[str, Mapping[str, str]] = MappingProxyType({})
NO_RESPONSE = 0
"""Counted instead of a status. GitHub does not wait either, and shows the delivery as failed."""
_STILL_S = 3.0
_SENDERS = 12
_REDELIVERIES = 8


@dataclass(slots=True)
class Result:
    """The result of a trial.

    Attributes:
        fault: The name of the trial.
        what: What happened.
        deliveries: The number of webhooks, without redeliveries.
        redelivered: How many of them were refused or not answered, so that they were sent again.
        injected: How many requests were affected.
        ended: How the rows became exact: by themselves, or by which commands.
        differences: What is not exact; empty after a success.
        seconds: How long it took.
    """

    fault: str
    what: str
    deliveries: int = 0
    redelivered: int = 0
    injected: int = 0
    ended: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    seconds: float = 0
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def is_exact(self) -> bool:
        """Whether all rows are as expected."""
        return not self.differences


def run(
    deployment: Deployment,
    proxy: Proxy,
    functions: dict[str, str],
    faults: Sequence[Fault],
    *,
    story: Story,
    seed: int,
    variables: Mapping[str, Mapping[str, str]] = NO_VARIABLES,
) -> Result:
    """Deliver a story while faults apply, and compare the rows with it."""
    result = Result(
        fault=" + ".join(fault.name for fault in faults),
        what="; ".join(fault.what for fault in faults),
    )
    started = time.monotonic()
    rules = [rule for fault in faults for rule in fault.rules()]
    timeouts = [fault.timeout_s for fault in faults if fault.timeout_s]
    with ExitStack() as stack:
        stack.enter_context(with_variables(deployment, variables))
        if timeouts:
            appliers: dict[str, dict[str, str]] = {functions[short]: {} for short in APPLIERS}
            stack.enter_context(with_variables(deployment, appliers, Timeout=min(timeouts)))
        if any(rule.operations == ("GetSecretValue",) for rule in rules):
            # A running receiver has the secret already.
            again = {functions["Receiver"]: {"CHAOS_TRIAL": result.fault}}
            stack.enter_context(with_variables(deployment, again))
        with proxy.applying(rules, seed=seed):
            send(deployment, story, result)
            if any(fault.lasts for fault in faults):
                _wait(lambda: bool(remedies.dead_letters(deployment)), "a dead letter")
                _wait(lambda: is_still(deployment), "the other messages")
            else:
                settle(deployment, story)
        finish(deployment, story, result)
    result.injected = sum(rule.applied for rule in rules)
    result.seconds = time.monotonic() - started
    return result


def send(deployment: Deployment, story: Story, result: Result) -> None:
    """Deliver a story. Deliveries that fail are delivered again, as `gcsmttr redeliver` does."""
    url, secret = deployment.url("WebhookUrl"), deployment.webhook_secret
    statuses: Counter[int] = Counter()

    def deliver(payload: dict[str, Any]) -> None:
        identity = str(uuid4())
        for attempt in range(_REDELIVERIES):
            try:
                response = client.deliver(url, secret=secret, payload=payload, delivery=identity)
            except httpx2.TimeoutException:
                status = NO_RESPONSE
            else:
                status = response.status_code
            statuses[status] += 1
            if status == 202:
                return
            time.sleep(min(0.25 * 2**attempt, 5))

    with ThreadPoolExecutor(_SENDERS) as pool:
        list(pool.map(deliver, story.deliveries))
    result.deliveries = len(story.deliveries)
    result.redelivered = sum(number for status, number in statuses.items() if status != 202)
    result.notes["statuses"] = dict(statuses)
    if statuses[202] != len(story.deliveries):
        result.differences.append(f"deliveries were never accepted: {dict(statuses)}")


def settle(deployment: Deployment, story: Story, *, seconds: float = SECONDS_TO_SETTLE) -> None:
    """Wait until all rows are exact, or until nothing moves any more."""
    deadline = time.monotonic() + seconds
    still_since: float | None = None
    while time.monotonic() < deadline:
        if not is_still(deployment):
            still_since = None
        elif not recount.differences(deployment, story):
            return
        else:
            still_since = still_since or time.monotonic()
            if remedies.dead_letters(deployment) and time.monotonic() - still_since > _STILL_S:
                return
        time.sleep(0.3)


def finish(deployment: Deployment, story: Story, result: Result, *, ended: str = "") -> None:
    """Run the remedies of the dead-letter queues, then compare every row."""
    found = recount.differences(deployment, story)
    full = remedies.dead_letters(deployment)
    if full:
        result.notes["deadLetters"] = full
        result.ended += remedies.apply(deployment)
        settle(deployment, story)
        found = recount.differences(deployment, story)
    result.ended = result.ended or [ended or "by itself"]
    result.differences += found
    for owner in story.owners:
        result.differences += remedies.verify(deployment, owner)
    if left := remedies.dead_letters(deployment):
        result.differences.append(f"messages are left in {left}")


def is_still(deployment: Deployment) -> bool:
    """Return whether no execution runs and no message waits."""
    return recorded(deployment) and quiet(deployment)


def _wait(condition: Callable[[], bool], what: str) -> None:
    client.wait_until(condition, seconds=SECONDS_TO_SETTLE, what=what)
