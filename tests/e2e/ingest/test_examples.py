"""GitHub's example payloads on the deployed stack, from the delivery to the overviews."""

import json
from typing import Any

import pytest

from infra.local.deployment import Deployment
from tests.support.deployed_stack import alerts, rows, send, settled, wait
from tests.support.paths import ROOT

pytestmark = pytest.mark.e2e

CODERTOCAT = "Codertocat/Hello-World"
REPOSITORY_ID = 337911632
EXAMPLES = {"created": 1, "closed_by_user": 1, "fixed": 1, "reopened": 10}


def examples() -> list[dict[str, Any]]:
    """Return all `code_scanning_alert` payloads of GitHub's collection; they concern one alert.

    Their repositories have the same name, but two ids. Here they get the same id, since an id is
    one repository.
    """
    return [
        {**example, "repository": {**example["repository"], "id": REPOSITORY_ID}}
        for file in sorted((ROOT / "node_modules/@octokit/webhooks-examples").rglob("*.json"))
        if isinstance(document := json.loads(file.read_text()), list)
        for event in document
        if event["name"] == "code_scanning_alert"
        for example in event["examples"]
    ]


def changes_of(deployment: Deployment, repository: str) -> list[Any]:
    """Return the changes of the only alert of a repository."""
    return [
        change
        for row in alerts(deployment, repository)
        for change in json.loads(row["changes"]["S"])["changes"]
    ]


def test_example_payloads_of_github_are_recorded_and_counted(deployment: Deployment) -> None:
    payloads = examples()
    of = {action: [one for one in payloads if one["action"] == action] for action in EXAMPLES}
    assert {action: len(some) for action, some in of.items()} == EXAMPLES
    assert len(payloads) == sum(EXAMPLES.values())

    def send_each(some: list[dict[str, Any]], *, changes: int) -> dict[str, Any]:
        """Deliver the payloads one by one, wait for that many changes, and return the alert."""
        for one in some:
            response = send(deployment, one)
            assert response.status_code == 202
            assert response.json() == {"outcome": "accepted", "alert": f"{CODERTOCAT}/10"}
        wait(lambda: len(changes_of(deployment, CODERTOCAT)) == changes, f"{changes} changes")
        (row,) = alerts(deployment, CODERTOCAT)
        hidden = {"changes", "details", "revision", "lastEventAt", "spelledAt", "rule", "origins"}
        hidden |= {"reopenedAt", "earlierClosings"}
        return {name: next(iter(row[name].values())) for name in row.keys() - hidden}

    created = send_each(of["created"], changes=1)
    assert created == {
        "repositoryName": CODERTOCAT.lower(),
        "repositorySpelling": CODERTOCAT,
        "alertID": "10",
        "repositoryId": str(REPOSITORY_ID),
        "organisationName": "codertocat",
        "alertURL": f"https://github.com/{CODERTOCAT}/security/code-scanning/10",
        "state": "OPEN",
        "createdAt": "2021-02-11T03:10:43.000Z",
        "severity": "ERROR",
        "tool": "CodeQL",
        "branch": "OTHER",
        "stateAt": "2021-02-11T03:10:43.000Z",
        "organisationState": "codertocat#OPEN",
        "repositoryState": f"{CODERTOCAT.lower()}#OPEN",
    }
    # The dismissal has an earlier time than the creation, so the creation has the newest facts.
    dismissed = send_each(of["closed_by_user"], changes=2)
    assert dismissed == {
        **created,
        "state": "CLOSED",
        "closedAs": "FALSE_POSITIVE",
        "closedAt": "2021-02-11T02:59:08.000Z",
        "stateAt": "2021-02-11T02:59:08.000Z",
        "organisationState": "codertocat#CLOSED",
        "repositoryState": f"{CODERTOCAT.lower()}#CLOSED",
    }
    # The fix has no time: it has the newest facts, and does not change the known closing.
    fixed = send_each(of["fixed"], changes=3)
    assert fixed == dismissed
    # The reopenings have no time either, so each different body is a reopening of its own.
    bodies = {json.dumps(one) for one in of["reopened"]}
    reopened = send_each(of["reopened"], changes=3 + len(bodies))
    assert reopened == {
        **created,
        "alertURL": f"https://octocoders.github.io/{CODERTOCAT}/security/code-scanning/10",
        "createdAt": "2020-07-22T14:06:31.000Z",
        "severity": "NOTE",
        "tool": "Rubocop",
        "branch": "DEFAULT",
        "stateAt": "2020-07-22T14:06:31.000Z",
    }
    (row,) = alerts(deployment, CODERTOCAT)
    assert row["rule"]["S"] == "Style/FrozenStringLiteralComment"
    assert len(row["reopenedAt"]["L"]) == len(bodies) == 4

    wait(lambda: settled(deployment, CODERTOCAT), "the overviews to catch up")
    # Some payloads contain another organisation, but the owner of the repository counts.
    still_open = {
        row["organisationName"]["S"]: row["openAlerts"]["N"]
        for owner in ("codertocat", "octocoders")
        for row in rows(deployment, "OrganisationOverviewTable", "organisationName", owner)
        if row["period"]["S"] == "ALL"
    }
    assert still_open == {"codertocat": "1"}
