"""`gcsmttr status` and `redeliver` on the deployed stack."""

import json
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from infra.local.github.apps.hooks import Trouble
from infra.local.github.github import GitHub
from infra.local.github.server import serving
from infra.local.github.world import changes
from tests.support.command_line import gcsmttr

pytestmark = pytest.mark.e2e


def status(deployment: Deployment, *sections: str) -> list[dict[str, str]]:
    """Return the findings in some sections; other tests can have caused those in others."""
    done = gcsmttr(deployment, "status", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == (1 if document["findings"] else 0), done.stderr
    return [one for one in document["findings"] if one["section"] in sections]


def test_status_of_a_healthy_stack_and_then_of_a_dead_letter(deployment: Deployment) -> None:
    sqs = deployment.client("sqs")
    sections = ("queues", "deadLetters", "hookRanges")
    url = deployment.outputs["RepositoryDeadLetterQueueUrl"]
    before = status(deployment, *sections)
    assert not [one for one in before if "RepositoryDeadLetterQueue" in one["what"]]

    sqs.send_message(
        QueueUrl=url, MessageBody="{}", MessageGroupId="g", MessageDeduplicationId=uuid4().hex
    )
    (found,) = [one for one in status(deployment, *sections) if one not in before]
    assert found["what"].startswith("RepositoryDeadLetterQueue has 1 message. ")
    assert found["next"] == f"gcsmttr redrive repository --stack {deployment.stack}"
    text = gcsmttr(deployment, "status")
    assert text.returncode == 1
    assert f"Wrong: {found['what']}\nNext: {found['next']}\n" in text.stdout

    sqs.purge_queue(QueueUrl=url)
    assert status(deployment, *sections) == before


def test_redeliver_brings_what_was_lost_in_an_outage(deployment: Deployment) -> None:
    owner = f"o{uuid4().hex[:8]}"
    github = GitHub()
    repository = github.world.add_repository(f"{owner}/repo")
    account = github.world.account(owner)
    with serving(github):
        hook = github.add_hook(account, deployment.url("WebhookUrl"), deployment.webhook_secret)
        arrived = changes.create_alert(github.world, repository)
        with github.courier.troubled(Trouble.REFUSED):
            changes.create_alert(github.world, repository)
            changes.fix(github.world, repository, arrived)
        assert counts(deployment, owner) in ((0, 0), (1, 0))

        done = gcsmttr(
            deployment,
            *("redeliver", "--organisation", owner, "--hook", str(hook.id)),
            *("--api-url", github.addresses.api, "--json"),
            token=github.registry.user_token(account),
        )
    assert done.returncode == 0, done.stderr
    (webhook,) = json.loads(done.stdout)["webhooks"]
    assert (webhook["lost"], webhook["requested"]) == (2, 2)
    client.wait_until(
        lambda: counts(deployment, owner) == (1, 1), seconds=240, what="one alert open, one fixed"
    )


def counts(deployment: Deployment, owner: str) -> tuple[int, int]:
    """Return the open and the fixed alerts of an organisation."""
    data: dict[str, Any] = client.query_data(
        deployment.url("GraphqlUrl"),
        key=deployment.api_key,
        query="""query ($name: String!) { organisation(name: $name) {
            backlog { open } metrics(from: "now-1y/y", interval: TOTAL) { fixed } } }""",
        variables={"name": owner},
    )
    organisation = data["organisation"]
    return (
        organisation["backlog"][0]["open"] if organisation["backlog"] else 0,
        organisation["metrics"][0]["fixed"] if organisation["metrics"] else 0,
    )
