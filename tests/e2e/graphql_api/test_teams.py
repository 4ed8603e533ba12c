"""Teams on the deployed stack: facts arrive with the webhooks of alerts, and change hands."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from tests.support.deployed_stack import send, settled, wait
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e

NOW = datetime.now(UTC)
LAST_WEEK = (NOW - timedelta(days=NOW.weekday() + 4)).replace(hour=9)
FACTS: dict[str, Any] = {"archived": False, "visibility": "private", "topics": ["public-api"]}


def delivery(
    repository: str, repository_id: int, number: int, team: str, **facts: Any
) -> dict[str, Any]:
    """Return the creation of an alert in a repository of a team."""
    body = payload("created", repository, number, LAST_WEEK)
    seen_at = NOW + timedelta(seconds=number)
    body["repository"] |= {
        "id": repository_id,
        "custom_properties": {"team": team},
        "updated_at": seen_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **FACTS,
        **facts,
    }
    return body


def test_questions_by_team(deployment: Deployment) -> None:
    owner = f"o{uuid4().hex[:8]}"
    first = int(uuid4().hex[:12], 16)
    for index, (name, team, facts) in enumerate(
        (
            ("web", "core", {}),
            ("api", "core", {}),
            ("demo-1", "growth", {}),
            ("old", "growth", {"archived": True}),
        )
    ):
        body = delivery(f"{owner}/{name}", first + index, 1, team, **facts)
        assert send(deployment, body).status_code == 202

    def ask(fields: str) -> dict[str, Any]:
        query = f'{{ organisation(name: "{owner}") {{ {fields} }} }}'
        data = client.query_data(deployment.url("GraphqlUrl"), key=deployment.api_key, query=query)
        return dict(data["organisation"])

    wait(lambda: ask("backlog { open }")["backlog"] == [{"open": 4}], "four open alerts")
    wait(lambda: settled(deployment, owner), "all rows")
    by_team = "backlog(groupBy: TEAM, filter: {archived: false}) { group open }"
    assert ask(by_team)["backlog"] == [
        {"group": "core", "open": 2},
        {"group": "growth", "open": 1},
    ]
    digest = (
        'metrics(from: "now-1w/w", to: "now-1w/w", interval: TOTAL, filter: {archived: false, '
        f'notRepository: ["{owner}/demo-*"]}}) '
        "{ opened closed net openedBefore: before(of: OPENED) closedBefore: before(of: CLOSED) }"
    )
    assert ask(digest)["metrics"] == [
        {"opened": 2, "closed": 0, "net": 2, "openedBefore": 0, "closedBefore": 0}
    ]

    # The repository changes hands together with its next alert.
    assert send(deployment, delivery(f"{owner}/web", first, 2, "growth")).status_code == 202
    wait(
        lambda: (
            ask(by_team)["backlog"]
            == [{"group": "core", "open": 1}, {"group": "growth", "open": 3}]
        ),
        "the new team to have all alerts of the repository",
    )
    fields = "repositoryFacts { visibility archived topics team defaultBranch }"
    query = f'{{ repository(name: "{owner}/web") {{ {fields} }} }}'
    data = client.query_data(deployment.url("GraphqlUrl"), key=deployment.api_key, query=query)
    assert data["repository"]["repositoryFacts"] == {
        "visibility": "PRIVATE",
        "archived": False,
        "topics": ["public-api"],
        "team": "growth",
        "defaultBranch": "main",
    }
