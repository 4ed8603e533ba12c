"""What happens to repositories in the middle of a story, in the deployed stack."""

from datetime import timedelta
from itertools import count
from random import SystemRandom
from typing import Any

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from infra.local.story import payload
from tests.support.deployed_stack import (
    CREATED,
    alerts,
    closed_and_open,
    depths,
    fix,
    overview,
    rows,
    send,
    send_all,
    settled,
    unique,
    wait,
)

pytestmark = pytest.mark.e2e

_IDS = count(SystemRandom().randrange(2**40))


class Story:
    """A repository whose deliveries have ascending times."""

    def __init__(self, deployment: Deployment, name: str) -> None:
        self.deployment = deployment
        self.id = next(_IDS)
        self.name = name
        self.minutes = 0
        self.facts: dict[str, Any] = {"archived": False, "visibility": "public"}

    def alert(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the delivery about an alert with the repository as it is now."""
        return {**body, "repository": {**body["repository"], **self._object()}}

    def created(self, number: int) -> dict[str, Any]:
        return self.alert(payload("created", self.name, number, CREATED))

    def fixed(self, number: int) -> dict[str, Any]:
        return self.alert(fix(self.name, number))

    def happens(self, action: str, *, name: str | None = None, **facts: Any) -> None:
        """Deliver the webhook `repository`."""
        self.minutes += 1
        self.name = name or self.name
        self.facts |= facts
        body = {"action": action, "repository": self._object(), "sender": {"login": "octocat"}}
        assert send(self.deployment, body, event="repository").status_code == 202

    def _object(self) -> dict[str, Any]:
        at = CREATED + timedelta(days=10 * bool(self.minutes), minutes=self.minutes)
        return {
            "id": self.id,
            "full_name": self.name,
            "updated_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            **self.facts,
        }


def names(deployment: Deployment, owner: str) -> set[tuple[str, int]]:
    found = alerts(deployment, owner)
    return {(row["repositoryName"]["S"], int(row["alertID"]["N"])) for row in found}


def test_repository_is_renamed_transferred_archived_hidden_and_another_one_deleted(
    deployment: Deployment,
) -> None:
    old_name, new_owner = unique(), unique("acme").partition("/")[0]
    old_owner = old_name.partition("/")[0]
    moving = Story(deployment, old_name)
    deleted = Story(deployment, f"{old_owner}/deleted")
    numbers = range(1, 21)
    send_all(deployment, [moving.created(number) for number in numbers])
    send_all(deployment, [deleted.created(number) for number in (1, 2)])
    late = [moving.fixed(number) for number in range(1, 6)]
    wait(lambda: len(alerts(deployment, old_owner)) == 22, "every alert")
    moving.happens("renamed", name=f"{old_owner}/renamed")
    send_all(deployment, [moving.fixed(number) for number in range(6, 11)])
    moving.happens("transferred", name=f"{new_owner}/renamed")
    deleted.happens("deleted")
    moving.happens("archived", archived=True)
    moving.happens("privatized", visibility="private")
    send_all(deployment, late)
    another = Story(deployment, old_name)
    another.minutes = moving.minutes + 1
    send_all(deployment, [another.created(1)])

    expected = {(f"{new_owner}/renamed", number) for number in numbers}
    wait(lambda: names(deployment, new_owner) == expected, "the alerts to move")
    wait(lambda: names(deployment, old_owner) == {(old_name, 1)}, "the old names to be left")
    wait(lambda: settled(deployment, new_owner), "the overviews of the new owner")
    wait(lambda: closed_and_open(deployment, new_owner) == (10, 10), "every fix")
    wait(lambda: closed_and_open(deployment, old_owner) == (0, 1), "the old sums to be left")
    for name, is_counted in ((f"{old_owner}/renamed", False), (f"{old_owner}/deleted", False)):
        found = overview(deployment, "RepositoryOverviewTable", "repositoryName", name)
        assert bool(found and "organisationName" in found["ALL"]) is is_counted
    (known,) = [
        row
        for row in rows(deployment, "RepositoriesTable", "repository", f"id#{moving.id}")
        if "movingFrom" not in row
    ]
    assert known["keyName"] == {"S": f"{new_owner}/renamed"}
    assert '\\"private\\"' in known["facts"]["S"]
    assert '"archived":["' in known["facts"]["S"]
    query = f"""{{
        old: repository(name: "{old_owner}/renamed") {{ lastEventAt alerts {{ data {{ id }} }} }}
        new: repository(name: "{new_owner}/renamed") {{ alerts(state: CLOSED) {{ data {{ id }} }} }}
    }}"""
    response = client.post_query(
        deployment.url("GraphqlUrl"), key=deployment.api_key, query=query
    ).json()
    assert response["data"]["old"]["alerts"] == {"data": []}
    assert len(response["data"]["new"]["alerts"]["data"]) == 10
    (warning,) = response["extensions"]["warnings"]
    assert f"{old_owner}/renamed" in str(warning)
    assert depths(deployment, dead=True) == 0
