"""The whole way of an alert through the deployed stack, nothing patched."""

import json
import random
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.client import Answer, form
from infra.local.deployment import Deployment
from infra.local.meta import MetaServer
from infra.local.run import SEED_QUERY
from infra.local.story import payload, story

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
CREATED = datetime(2026, 3, 2, 9, tzinfo=UTC)


def unique(owner: str = "octo") -> str:
    return f"{owner}-{uuid4().hex[:8]}/repo"


def send(deployment: Deployment, body: dict[str, Any] | bytes, **options: Any) -> Answer:
    url, secret = deployment.url("WebhookUrl"), deployment.webhook_secret
    return client.deliver(url, secret=secret, payload=body, **options)


def send_all(deployment: Deployment, bodies: Iterable[dict[str, Any]]) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(lambda body: send(deployment, body).status, bodies)
        assert set(answers) <= {202}


def rows(deployment: Deployment, table: str, attribute: str, prefix: str) -> list[dict[str, Any]]:
    pages = (
        deployment.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=deployment.outputs[table], ConsistentRead=True)
    )
    found = [item for page in pages for item in page["Items"]]
    return [item for item in found if item[attribute]["S"].startswith(prefix)]


def alerts(deployment: Deployment, repository: str) -> list[dict[str, Any]]:
    return rows(deployment, "AllEventsTable", "repositoryName", repository)


def overview(deployment: Deployment, table: str, attribute: str, name: str) -> dict[str, Any]:
    found = rows(deployment, table, attribute, name)
    return {item["period"]["S"]: item for item in found}


def wait(condition: Any, what: str, seconds: float = 60) -> None:
    client.wait_until(condition, seconds=seconds, what=what)


def depths(deployment: Deployment, *, dead: bool) -> int:
    sqs = deployment.client("sqs")
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    urls = {
        url
        for name, url in deployment.outputs.items()
        if name.endswith("QueueUrl") and ("DeadLetter" in name) == dead
    }
    assert urls
    return sum(
        int(number)
        for url in urls
        for number in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))[
            "Attributes"
        ].values()
    )


def state(deployment: Deployment, repository: str) -> str | None:
    found = alerts(deployment, repository)
    return found[0]["state"]["S"] if found else None


def test_the_seed_query_is_answered_over_http(deployment: Deployment) -> None:
    assert send(deployment, payload("created", "orgName/repoName", 22, CREATED)).status == 202
    wait(lambda: alerts(deployment, "orgName/repoName"), "the alert")
    url, key = deployment.url("GraphqlUrl"), deployment.api_key
    assert client.data(url, key=key, query=SEED_QUERY) == {
        "getAlert": {
            "alertID": 22,
            "organisationName": "orgName",
            "repositoryName": "orgName/repoName",
        }
    }
    assert client.ask(url, key="wrong", query=SEED_QUERY).status == 401
    assert client.ask(url, key=None, query=SEED_QUERY).status == 401


def test_graphiql_is_served_with_the_api(deployment: Deployment) -> None:
    page = client.request(deployment.url("GraphiqlUrl"))
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")


def test_every_example_of_github_goes_through(deployment: Deployment) -> None:
    examples = [
        example
        for file in sorted((ROOT / "node_modules/@octokit/webhooks-examples").rglob("*.json"))
        if isinstance(document := json.loads(file.read_text()), list)
        for event in document
        if event["name"] == "code_scanning_alert"
        for example in event["examples"]
    ]
    assert len(examples) >= 4
    created = [one for one in examples if one["action"] == "created"]
    others = [one for one in examples if one["action"] != "created"]
    for example in created:
        assert send(deployment, example).status == 202
    repository = created[0]["repository"]["full_name"]
    wait(lambda: alerts(deployment, repository), "the created example")
    for example in others:
        assert send(deployment, example).json() == {
            "outcome": "accepted",
            "alert": f"{repository}/{example['alert']['number']}",
        }
    fixed = [one for one in others if one["action"] == "fixed"]
    assert fixed

    # GitHub's examples are of one alert number, and one of them is told of the default branch: the
    # fix told of a pull request does not close it, the later of the timed changes decides.
    def changes() -> int:
        (row,) = alerts(deployment, repository)
        return len(json.loads(row["changes"]["S"])["changes"])

    distinct = {json.dumps([one["action"], one["alert"], one["ref"]]) for one in examples}
    wait(lambda: changes() >= min(4, len(distinct)), "every example to be recorded")
    assert alerts(deployment, repository)[0]["branch"]["S"] == "DEFAULT"


def ping(deployment: Deployment) -> int:
    return send(deployment, {"zen": "Keep it logically awesome."}, event="ping").status


@contextmanager
def only_from(deployment: Deployment, meta: MetaServer, document: bytes) -> Iterator[None]:
    """Let the deployed refresher fetch another meta document, and then the first one again."""
    known, invoke = meta.body, deployment.client("lambda").invoke
    try:
        meta.body = document
        invoke(FunctionName=deployment.outputs["RefresherFunction"], Payload=b"{}")
        yield
    finally:
        meta.body = known
        invoke(FunctionName=deployment.outputs["RefresherFunction"], Payload=b"{}")
        wait(lambda: ping(deployment) == 200, "the address to be allowed", seconds=90)


def test_what_is_not_from_github_or_not_signed_never_reaches_the_bus(
    deployment: Deployment, meta: MetaServer
) -> None:
    events, sqs = deployment.client("events"), deployment.client("sqs")
    name = f"spy-{uuid4().hex[:8]}"
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    bus = deployment.outputs["EventBusName"]
    events.put_rule(Name=name, EventBusName=bus, EventPattern='{"source":[{"prefix":""}]}')
    events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "spy", "Arn": arn["QueueArn"]}])
    body = json.dumps(payload("created", unique(), 1, CREATED)).encode()
    signature = client.sign(body, secret=deployment.webhook_secret)

    def refused(**options: Any) -> int:
        return send(deployment, options.pop("body", body), **options).status

    # The emulator tells its authorizers 127.0.0.1 whatever the peer, so the ranges move instead.
    with only_from(deployment, meta, b'{"hooks":["192.30.252.0/22"]}'):
        wait(lambda: ping(deployment) == 403, "the address to be refused", seconds=90)
        assert refused() == 403
    assert refused(overrides={"X-Hub-Signature-256": client.sign(body, secret="wrong")}) == 401
    assert refused(overrides={"X-Hub-Signature-256": None}) == 401
    assert refused(body=body + b" ", overrides={"X-Hub-Signature-256": signature}) == 401
    seen = payload("created", unique(), 2, CREATED)
    assert send(deployment, seen).status == 202

    def spied() -> list[Any]:
        got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        return [json.loads(m["Body"])["detail"] for m in got.get("Messages", [])]

    arrived: list[Any] = []

    def has_arrived() -> bool:
        arrived.extend(spied())
        return bool(arrived)

    wait(has_arrived, "the one event that was accepted")
    time.sleep(1)
    arrived += spied()
    events.remove_targets(Rule=name, EventBusName=bus, Ids=["spy"])
    events.delete_rule(Name=name, EventBusName=bus)
    assert {one["repositoryName"] for one in arrived} == {seen["repository"]["full_name"]}


def test_form_encoded_deliveries_and_user_owned_repositories_work(deployment: Deployment) -> None:
    repository = unique("person")
    body = payload("created", repository, 1, CREATED)
    body.pop("organization", None)
    answer = send(deployment, form(body), content_type="application/x-www-form-urlencoded")
    assert answer.status == 202
    wait(lambda: alerts(deployment, repository), "the alert")
    owner = repository.partition("/")[0]
    assert alerts(deployment, repository)[0]["organisationName"]["S"] == owner


def test_a_closing_of_an_unknown_alert_leaves_no_row(deployment: Deployment) -> None:
    repository = unique()
    fixed = payload("fixed", repository, 1, CREATED, fixed_at="2026-03-05T09:00:00Z")
    assert send(deployment, fixed).status == 202
    time.sleep(9)
    assert alerts(deployment, repository) == []


def test_a_closing_that_overtakes_its_creation_ends_up_applied(deployment: Deployment) -> None:
    repository = unique()
    fixed = payload("fixed", repository, 1, CREATED, fixed_at="2026-03-05T09:00:00Z")
    assert send(deployment, fixed).status == 202
    time.sleep(0.5)
    assert send(deployment, payload("created", repository, 1, CREATED)).status == 202
    wait(lambda: state(deployment, repository) == "CLOSED", "the alert to be closed")


def snapshot(deployment: Deployment, owner: str) -> Any:
    """Every row of an owner's alerts and overviews, but for revisions and names."""
    found = []
    for table, attribute in (
        ("AllEventsTable", "repositoryName"),
        ("RepositoryOverviewTable", "repositoryName"),
        ("OrganisationOverviewTable", "organisationName"),
    ):
        for row in rows(deployment, table, attribute, owner):
            kept = {name: value for name, value in row.items() if name != "revision"}
            found.append(repr(sorted(kept.items())).replace(owner, "owner"))
    return sorted(found)


def quiet(deployment: Deployment) -> bool:
    return depths(deployment, dead=False) == 0


def test_the_story_twice_and_shuffled_gives_the_same_rows(deployment: Deployment) -> None:
    told = [
        one
        for one in story(datetime(2026, 11, 23, tzinfo=UTC))
        if one["repository"]["full_name"].startswith("orgName/") and one["alert"]["number"] > 12
    ]
    told = [{**one, "alert": {**one["alert"], "updated_at": at_of(one)}} for one in told]
    last = {(one["repository"]["full_name"], one["alert"]["number"]): one for one in told}
    closed = sum(one["action"] in {"fixed", "closed_by_user"} for one in last.values())
    outcomes = []
    for shuffled in (False, True):
        owner = f"o{uuid4().hex[:8]}"
        bodies = [json.loads(json.dumps(one).replace("orgName", owner)) for one in told]
        created = [one for one in bodies if one["action"] == "created"]
        rest = [one for one in bodies if one["action"] != "created"]
        if shuffled:
            random.Random(7).shuffle(rest)  # noqa: S311
            rest, created = rest + rest, created + created
        send_all(deployment, created)
        send_all(deployment, rest)
        settle(deployment, owner, total=36, closed=closed)
        outcomes.append(snapshot(deployment, owner))
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0]) > 36


def at_of(one: dict[str, Any]) -> str:
    alert = one["alert"]
    return str(
        alert["fixed_at"] or alert["dismissed_at"] or alert.get("updated_at") or alert["created_at"]
    )


def settle(deployment: Deployment, owner: str, *, total: int, closed: int) -> None:
    """Wait until an owner's overview holds so many alerts, and nothing more is under way."""

    def holds() -> bool:
        row = overview(deployment, "OrganisationOverviewTable", "organisationName", owner)
        if "ALL" not in row:
            return False
        ended, manually, still_open = (
            int(row["ALL"][name]["N"])
            for name in ("numberFixed", "numberManuallyClosed", "openAlerts")
        )
        return ended + manually == closed and ended + manually + still_open == total

    wait(holds, "the organisation's overview to hold the story", seconds=180)
    time.sleep(8)
    wait(lambda: quiet(deployment) and holds(), "the queues to be empty")


def test_a_rotated_secret_loses_nothing(deployment: Deployment) -> None:
    secrets = deployment.client("secretsmanager")
    secrets.put_secret_value(
        SecretId=deployment.outputs["WebhookSecretId"], SecretString="a-new-one"
    )
    try:
        body = payload("created", unique(), 1, CREATED)
        assert send(deployment, body).status == 202
    finally:
        secrets.put_secret_value(
            SecretId=deployment.outputs["WebhookSecretId"], SecretString=deployment.webhook_secret
        )


def test_a_thousand_alerts_at_once_are_counted_exactly(deployment: Deployment) -> None:
    repository = unique()
    owner = repository.partition("/")[0]
    bodies = [payload("created", repository, n, CREATED) for n in range(1, 1_001)]
    send_all(deployment, bodies)

    def counted(table: str, attribute: str, name: str) -> int:
        found = overview(deployment, table, attribute, name)
        return int(found["ALL"]["openAlerts"]["N"]) if found else 0

    repositories = ("RepositoryOverviewTable", "repositoryName", repository)
    organisations = ("OrganisationOverviewTable", "organisationName", owner)
    wait(lambda: counted(*organisations) >= 1_000, "the organisation's overview", seconds=180)
    wait(lambda: quiet(deployment), "the queues to be empty")
    assert counted(*repositories) == counted(*organisations) == 1_000
    for where in (repositories, organisations):
        found = overview(deployment, *where)
        assert found["DAY#2026-03-02"]["openAlerts"]["N"] == "1000"
        assert found["MONTH#2026-03"]["openAlerts"]["N"] == "1000"
    assert depths(deployment, dead=True) == 0
