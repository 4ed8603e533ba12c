"""Badges of the deployed stack: the number of the API without a key, until they are revoked."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import httpx2
import pytest

from infra.local import client
from infra.local.deployment import Deployment
from tests.e2e.graphql_api.test_teams import delivery
from tests.support.command_line import document, gcsmttr
from tests.support.deployed_stack import send, settled, wait
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e

CREATED = datetime.now(UTC).replace(microsecond=0) - timedelta(days=20)
FIXED = CREATED + timedelta(days=12)


def created(deployment: Deployment, *options: str) -> str:
    """Create a badge by the command, and return the address of its picture without `.svg`."""
    printed = document(deployment, "badges", "create", *options)
    _, _, file = printed["svg"].rpartition("/badge/")
    base = deployment.url("GraphqlUrl").removesuffix("/graphql")
    return f"{base}/badge/{file.removesuffix('.svg')}"


def number(deployment: Deployment, query: str) -> Any:
    """Return the value `v` of the only row of a query."""
    data = client.query_data(deployment.url("GraphqlUrl"), key=deployment.api_key, query=query)
    (row,) = data["organisation"]["rows"]
    return row["v"]


def test_badge_shows_the_number_of_the_api_until_it_is_revoked(deployment: Deployment) -> None:
    owner = f"o{uuid4().hex[:8]}"
    for alert in (1, 2, 3):
        assert (
            send(deployment, payload("created", f"{owner}/web", alert, CREATED)).status_code == 202
        )
    fixed = payload("fixed", f"{owner}/web", 1, CREATED, fixed_at=f"{FIXED:%Y-%m-%dT%H:%M:%SZ}")
    assert send(deployment, fixed).status_code == 202
    query = f'{{ organisation(name: "{owner}") {{ rows: %s }} }}'
    wait(lambda: number(deployment, query % "backlog { v: open }") == 2, "two open alerts")
    wait(lambda: settled(deployment, owner), "all rows")

    address = created(deployment, "--organisation", owner, "--metric", "open")
    shown = client.request(f"{address}.json")
    assert (shown.status_code, shown.json()["message"]) == (200, "2")
    median = created(deployment, "--repository", f"{owner}/web", "--metric", "median")
    metrics = 'metrics(from: "now-89d", interval: TOTAL) { v: medianTimeToRemediate(unit: DAYS) }'
    days = number(deployment, query % metrics)
    assert client.request(f"{median}.json").json()["message"] == f"{days:g} days" == "12 days"

    picture = client.request(f"{address}.svg")
    assert picture.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert ET.fromstring(picture.content).get("aria-label") == "open alerts: 2"  # noqa: S314
    again = client.request(f"{address}.svg", headers={"if-none-match": picture.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")

    (listed,) = (
        one
        for one in document(deployment, "badges", "list")
        if (one["subject"], one["metric"]) == (owner, "open")
    )
    assert gcsmttr(deployment, "badges", "revoke", listed["id"]).returncode == 0
    for form in ("svg", "json"):
        # At once, from each process of the function, and also to a client that has the picture.
        headers = {"if-none-match": picture.headers["etag"]}
        found = [client.request(f"{address}.{form}", headers=headers) for _ in range(10)]
        assert {one.status_code for one in found} == {404}
        assert {one.headers["cache-control"] for one in found} == {"no-store"}
    assert client.request(f"{median}.svg").status_code == 200


def test_badge_of_a_team_counts_its_repositories(deployment: Deployment) -> None:
    owner, first = f"o{uuid4().hex[:8]}", int(uuid4().hex[:12], 16)
    for index, team in enumerate(("core", "core", "growth")):
        body = delivery(f"{owner}/repo-{index}", first + index, 1, team)
        assert send(deployment, body).status_code == 202
    wait(lambda: settled(deployment, owner), "all rows")
    badge = ("--organisation", owner, "--team", "core", "--metric", "open")
    address = created(deployment, *badge, "--label", "core & <friends>")
    wait(lambda: client.request(f"{address}.json").json()["message"] == "2", "the alerts of core")
    picture = ET.fromstring(client.request(f"{address}.svg").content)  # noqa: S314
    assert picture.get("aria-label") == "core & <friends>: 2"


def test_keys_and_tokens_of_badges_do_not_replace_each_other(deployment: Deployment) -> None:
    address = created(deployment, "--organisation", "octo-org", "--metric", "open")
    base, _, token = address.rpartition("/")

    def status(file: str) -> int:
        response: httpx2.Response = client.request(f"{base}/{file}")
        return response.status_code

    assert status(f"{token}.svg") == 200
    assert status(f"{deployment.api_key}.svg") == 404
    assert status(f"{deployment.api_key}.json") == 404
    assert status("badge_" + "A" * 43 + ".svg") == 404
    url, query = deployment.url("GraphqlUrl"), "{ access { name } }"
    assert client.post_query(url, key=token, query=query).status_code == 401
    assert client.post_query(url, key=deployment.api_key, query=query).status_code == 200
