"""Hostile webhooks for the deployed stack: documented responses, and rows of accepted alerts only.

The payloads are GitHub's examples and random ones that follow GitHub's schemas, with random
changes. All are about an organisation of their own. `GCSMTTR_HOSTILE_REQUESTS` sets their number,
`HOSTILE_SEED` the random seed.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

import httpx2
import pytest

from infra.local import client
from infra.local.deployment import Deployment
from tests.chaos.effects import AWAY
from tests.chaos.proxy import Rule, serving_proxy
from tests.chaos.stage import physical_names, with_variables
from tests.support import webhook_responses, webhook_schemas
from tests.support.command_line import gcsmttr
from tests.support.deployed_stack import (
    alerts,
    changes_without_alert,
    depths,
    quiet,
    recorded,
    rows,
    settled,
    wait,
)
from tests.support.hostile_webhooks import Hostile, payloads

pytestmark = pytest.mark.e2e

COUNT = int(os.environ.get("GCSMTTR_HOSTILE_REQUESTS", "1000"))
SEED = int(os.environ.get("HOSTILE_SEED", "1"))
KINDS = ("code-scanning-alert", "repository-", "dependabot-alert", "secret-scanning-alert", "ping")
AWAY_EVERY = 100
WARM_UP = 48
TABLES = {
    "AllEventsTable": ("repositoryName", "alertID"),
    "RepositoryOverviewTable": ("repositoryName", "period"),
    "OrganisationOverviewTable": ("organisationName", "period"),
    "LedgerTable": ("source", "part"),
    "RepositoriesTable": ("repository",),
    "AccessKeysTable": ("keyHash",),
    "ConnectionsTable": ("connection", "task"),
}


class Sent(NamedTuple):
    """A request that was sent, and the response."""

    headers: dict[str, str]
    body: bytes
    is_signed: bool
    is_away: bool
    response: httpx2.Response

    def __str__(self) -> str:
        response = f"{self.response.status_code} {self.response.text}"
        return f"{response} to {self.headers} {self.body[:900]!r}"


def everything(deployment: Deployment) -> dict[tuple[str, ...], str]:
    """Return all rows of all tables by table and key."""
    return {
        (table, *(str(next(iter(row[key].values()))) for key in keys)): json.dumps(
            row, sort_keys=True, default=repr
        )
        for table, keys in TABLES.items()
        for row in rows(deployment, table, keys[0], "")
    }


def own_payloads(owner: str, chance: random.Random) -> list[dict[str, Any]]:
    """Return examples, the sample story and payloads by schema, all about one organisation."""
    names = webhook_schemas.names(*KINDS)
    many = payloads(datetime.now(UTC))
    for name in names:
        some = 30 if name.startswith(KINDS[0]) else 3
        many += [webhook_schemas.payload(name, chance) for _ in range(some)]
    for number, one in enumerate(many):
        name = f"{owner}/repo-{number % 7}"
        repository = one.get("repository")
        if isinstance(repository, dict):
            repository |= {"full_name": name, "id": 7_000_000_000 + number % 7}
        alert = one.get("alert")
        if isinstance(alert, dict) and isinstance(alert.get("html_url"), str):
            kind = "dependabot" if "dependabot" in alert["html_url"] else "code-scanning"
            if number % 5:
                alert["number"] = number + 1
            alert["html_url"] = f"https://github.com/{name}/security/{kind}/{alert.get('number')}"
            alert["url"] = (
                f"https://api.github.com/repos/{name}/{kind}/alerts/{alert.get('number')}"
            )
    return many


def requests(
    owner: str, secret: str, chance: random.Random
) -> Iterator[tuple[dict[str, str], bytes, bool]]:
    """Yield headers that HTTP can carry, bodies, and whether these are signed."""
    hostile = Hostile(chance, own_payloads(owner, chance), secret)
    while True:
        headers, body, is_signed = hostile.delivery()
        sent = {}
        for name, value in headers.items():
            text = str(value).encode("latin-1", errors="ignore").decode("latin-1")
            printable = "".join(one for one in text if one.isprintable()).strip()
            if name.lower() != "host":
                sent[name] = printable[:4_000]
        yield sent, body, is_signed


def test_hostile_webhooks_get_documented_responses_and_change_only_accepted_alerts(
    deployment: Deployment,
) -> None:
    wait(lambda: quiet(deployment) and recorded(deployment), "the rows of other tests")
    owner = f"hostile-{uuid4().hex[:8]}"
    chance = random.Random(SEED)  # noqa: S311 - not for security
    url, before = deployment.url("WebhookUrl"), everything(deployment)
    stream = requests(owner, deployment.webhook_secret, chance)
    receiver = physical_names(deployment)["Receiver"]
    mark = f"away-{uuid4().hex[:8]}"

    def send(number: int, made: tuple[dict[str, str], bytes, bool]) -> Sent:
        headers, body, is_signed = made
        is_away = number % AWAY_EVERY == 0
        if is_away:
            headers = {k: v for k, v in headers.items() if k.lower() != "x-github-delivery"}
            headers["X-GitHub-Delivery"] = f"{mark}-{number}"
        response = client.request(url, method="POST", body=body, headers=headers)
        return Sent(headers, body, is_signed, is_away, response)

    def ping(_number: int) -> None:
        client.deliver(url, secret=deployment.webhook_secret, payload={}, event="ping")

    with serving_proxy(deployment.endpoint) as proxy:
        variables = {"AWS_ENDPOINT_URL": proxy.url, "AWS_SDK_UA_APP_ID": "Receiver"}
        away = Rule(AWAY, ("Receiver",), ("PutEvents",), containing=mark)
        with (
            with_variables(deployment, {receiver: variables}),
            proxy.applying([away], seed=SEED),
            ThreadPoolExecutor(12) as pool,
        ):
            # The authorizers start cold, and the emulator answers 403 for one that fails.
            list(pool.map(ping, range(WARM_UP)))
            # In parts, so that not all bodies are in memory.
            many: list[Sent] = []
            for first in range(0, COUNT, 200):
                part = [next(stream) for _ in range(min(200, COUNT - first))]
                many += pool.map(send, range(first, first + len(part)), part)

    table, seen = webhook_responses.documented(), Counter[str]()
    accepted = set()
    for one in many:
        status, body = one.response.status_code, one.response.json()
        assert table.permits(status, body), one
        assert one.is_signed or status in {401, 413}, one
        assert status < 500 or one.is_away, one
        seen[f"{status} {body.get('reason', body.get('outcome'))}"] += 1
        if status == 202 and "alert" in body:
            accepted.add(body["alert"].lower())
    print(*sorted(f"{name}: {number}" for name, number in seen.items()), sep="\n")  # noqa: T201
    wait(lambda: recorded(deployment), "the accepted alerts")
    owners = sorted({name.partition("/")[0] for name in accepted})
    for name in owners:
        wait(lambda name=name: settled(deployment, name), "the overviews", seconds=600)
    after = everything(deployment)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    for key in changed:
        assert key[0] in {*TABLES} - {"AccessKeysTable", "ConnectionsTable"}, key
        assert key not in before, f"a row that existed before is changed: {key}"
    stored = {
        f"{row['repositoryName']['S']}/{row['alertID']['N']}"
        for name in owners
        for row in (*alerts(deployment, name), *changes_without_alert(deployment, name))
    }
    assert (
        {"/".join(key[1:]) for key in changed if key[0] == "AllEventsTable"} == stored == accepted
    )
    for name in owners:
        verified = gcsmttr(deployment, "verify", "--organisation", name)
        assert verified.returncode == 0, verified.stdout + verified.stderr
    assert depths(deployment, dead=True) == 0
    assert len(seen) > 10
