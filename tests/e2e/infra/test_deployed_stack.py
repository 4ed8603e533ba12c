"""The path of an alert through the deployed stack, without any patch.

The tests wait for visible conditions, such as the end of an execution or a complete ledger, so a
slow machine only takes longer.
"""

import json
import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from infra.local import client
from infra.local.client import form
from infra.local.deployment import RECORDERS, Deployment
from infra.local.meta import MetaServer
from infra.local.run import SEED_QUERY
from infra.local.story import payload, story
from rollup.rows.ledger import alert_source, row_source
from tests.support.paths import ROOT

pytestmark = pytest.mark.e2e

CREATED = datetime(2026, 3, 2, 9, tzinfo=UTC)


def unique(owner: str = "octo") -> str:
    return f"{owner}-{uuid4().hex[:8]}/repo"


def send(deployment: Deployment, body: dict[str, Any] | bytes, **options: Any) -> httpx2.Response:
    url, secret = deployment.url("WebhookUrl"), deployment.webhook_secret
    return client.deliver_until_accepted(url, secret=secret, payload=body, **options)


def send_all(deployment: Deployment, bodies: Iterable[dict[str, Any]]) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(lambda body: send(deployment, body).status_code, bodies)
        assert set(answers) <= {202}


def rows(deployment: Deployment, table: str, attribute: str, prefix: str) -> list[dict[str, Any]]:
    pages = (
        deployment.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=deployment.outputs[table], ConsistentRead=True)
    )
    found = [item for page in pages for item in page["Items"]]
    return [item for item in found if item[attribute]["S"].startswith(prefix.lower())]


def alerts(deployment: Deployment, repository: str) -> list[dict[str, Any]]:
    found = rows(deployment, "AllEventsTable", "repositoryName", repository)
    return [row for row in found if "state" in row]


def changes_without_alert(deployment: Deployment, repository: str) -> list[dict[str, Any]]:
    """Return the rows with changes of alerts that were never created."""
    found = rows(deployment, "AllEventsTable", "repositoryName", repository)
    return [row for row in found if "state" not in row]


def overview(deployment: Deployment, table: str, attribute: str, name: str) -> dict[str, Any]:
    found = rows(deployment, table, attribute, name)
    return {item["period"]["S"]: item for item in found}


def wait(condition: Any, what: str, seconds: float = 300) -> None:
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


def test_stack_responds_to_the_first_query(deployment: Deployment) -> None:
    assert send(deployment, payload("created", "orgName/repoName", 22, CREATED)).status_code == 202
    wait(lambda: alerts(deployment, "orgName/repoName"), "the alert")
    url, key = deployment.url("GraphqlUrl"), deployment.api_key
    assert client.query_data(url, key=key, query=SEED_QUERY) == {
        "getAlert": {
            "alertID": 22,
            "organisationName": "orgName",
            "repositoryName": "orgName/repoName",
        }
    }
    assert client.post_query(url, key="wrong", query=SEED_QUERY).status_code == 401
    assert client.post_query(url, key=None, query=SEED_QUERY).status_code == 401


def test_stack_serves_graphiql(deployment: Deployment) -> None:
    page = client.request(deployment.url("GraphiqlUrl"))
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")


def examples() -> list[dict[str, Any]]:
    """Return all `code_scanning_alert` payloads of GitHub's collection; they concern one alert."""
    return [
        example
        for file in sorted((ROOT / "node_modules/@octokit/webhooks-examples").rglob("*.json"))
        if isinstance(document := json.loads(file.read_text()), list)
        for event in document
        if event["name"] == "code_scanning_alert"
        for example in event["examples"]
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
        hidden = {"changes", "details", "revision", "lastEventAt", "spelledAt", "rule"}
        hidden |= {"reopenedAt", "earlierClosings"}
        return {name: next(iter(row[name].values())) for name in row.keys() - hidden}

    created = send_each(of["created"], changes=1)
    assert created == {
        "repositoryName": CODERTOCAT.lower(),
        "repositorySpelling": CODERTOCAT,
        "alertID": "10",
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


CODERTOCAT = "Codertocat/Hello-World"
EXAMPLES = {"created": 1, "closed_by_user": 1, "fixed": 1, "reopened": 10}


def changes_of(deployment: Deployment, repository: str) -> list[Any]:
    """Return the changes of the only alert of a repository."""
    return [
        change
        for row in alerts(deployment, repository)
        for change in json.loads(row["changes"]["S"])["changes"]
    ]


def ping(deployment: Deployment) -> int:
    return send(deployment, {"zen": "Keep it logically awesome."}, event="ping").status_code


@contextmanager
def only_from(deployment: Deployment, meta: MetaServer, document: bytes) -> Iterator[None]:
    """Let the refresher fetch another meta document, and at the end the first one again."""
    first, invoke = meta.body, deployment.client("lambda").invoke
    try:
        meta.body = document
        invoke(FunctionName=deployment.outputs["RefresherFunction"], Payload=b"{}")
        yield
    finally:
        meta.body = first
        invoke(FunctionName=deployment.outputs["RefresherFunction"], Payload=b"{}")
        wait(lambda: ping(deployment) == 200, "the address to be allowed")


def test_deliveries_from_other_addresses_or_unsigned_never_reach_the_bus(
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
        return send(deployment, options.pop("body", body), **options).status_code

    # The emulator passes 127.0.0.1 for each source address, so the test changes the ranges.
    with only_from(deployment, meta, b'{"hooks":["192.30.252.0/22"]}'):
        wait(lambda: ping(deployment) == 403, "the address to be refused")
        assert refused() == 403
    assert refused(overrides={"X-Hub-Signature-256": client.sign(body, secret="wrong")}) == 401
    assert refused(overrides={"X-Hub-Signature-256": None}) == 401
    assert refused(body=body + b" ", overrides={"X-Hub-Signature-256": signature}) == 401
    arrived: list[str] = []

    def has_arrived(repository: str) -> bool:
        got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        details = [json.loads(message["Body"])["detail"] for message in got.get("Messages", [])]
        arrived.extend(detail["repositoryName"] for detail in details)
        return repository in arrived

    # An event of a refused delivery would arrive before the first accepted one, or between the two.
    accepted = [unique(), unique()]
    for repository in accepted:
        assert send(deployment, payload("created", repository, 2, CREATED)).status_code == 202
        wait(lambda name=repository: has_arrived(name), "the event that was accepted")
    events.remove_targets(Rule=name, EventBusName=bus, Ids=["spy"])
    events.delete_rule(Name=name, EventBusName=bus)
    assert set(arrived) == set(accepted)


def test_form_encoded_deliveries_and_repositories_of_users_are_accepted(
    deployment: Deployment,
) -> None:
    repository = unique("person")
    body = payload("created", repository, 1, CREATED)
    body.pop("organization", None)
    response = send(deployment, form(body), content_type="application/x-www-form-urlencoded")
    assert response.status_code == 202
    wait(lambda: alerts(deployment, repository), "the alert")
    owner = repository.partition("/")[0]
    assert alerts(deployment, repository)[0]["organisationName"]["S"] == owner


def fix(repository: str, number: int) -> dict[str, Any]:
    return payload("fixed", repository, number, CREATED, fixed_at="2026-03-05T09:00:00Z")


def test_closing_without_a_creation_is_kept_but_is_not_an_alert(
    deployment: Deployment,
) -> None:
    repository = unique()
    assert send(deployment, fix(repository, 1)).status_code == 202
    wait(lambda: changes_without_alert(deployment, repository), "the closing to be kept")
    (row,) = changes_without_alert(deployment, repository)
    assert set(row) == {"repositoryName", "alertID", "changes", "details", "revision", "expiresAt"}
    url, key = deployment.url("GraphqlUrl"), deployment.api_key
    query = f"""{{
        getAlert(id: "{repository}/1") {{ id }}
        repository(name: "{repository}") {{ lastEventAt alerts {{ data {{ id }} }} }}
    }}"""
    found = client.query_data(url, key=key, query=query)
    assert found["getAlert"] is None
    assert found["repository"] == {"lastEventAt": None, "alerts": {"data": []}}
    wait(lambda: quiet(deployment) and recorded(deployment), "everything to be handled")
    assert overview(deployment, "RepositoryOverviewTable", "repositoryName", repository) == {}


def test_closings_that_arrive_before_their_creations_are_applied(deployment: Deployment) -> None:
    repository, numbers = unique(), range(1, 151)
    send_all(deployment, [fix(repository, number) for number in numbers])
    wait(
        lambda: len(changes_without_alert(deployment, repository)) == len(numbers),
        "every closing to be kept",
    )
    assert alerts(deployment, repository) == []
    send_all(deployment, [payload("created", repository, n, CREATED) for n in numbers])
    wait(lambda: len(alerts(deployment, repository)) == len(numbers), "every alert")
    owner = repository.partition("/")[0]
    wait(lambda: settled(deployment, owner), "the overviews to catch up")
    assert {row["state"]["S"] for row in alerts(deployment, repository)} == {"CLOSED"}
    assert closed_and_open(deployment, owner) == (len(numbers), 0)
    assert depths(deployment, dead=True) == 0


def snapshot(deployment: Deployment, owner: str) -> Any:
    """Return the rows of an owner's alerts and overviews, without revisions and its name."""
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


def recorded(deployment: Deployment) -> bool:
    """Return whether all executions of the state machine have ended."""
    machine = deployment.outputs["StateMachineArn"]
    running = deployment.client("stepfunctions").list_executions(
        stateMachineArn=machine, statusFilter="RUNNING"
    )
    return not running["executions"]


def settled(deployment: Deployment, owner: str) -> bool:
    """Return whether the ledger contains all rows of an owner at their last revisions."""
    if not recorded(deployment):
        return False
    # Read before the rows: a row that is applied meanwhile then counts as missing.
    applied = {
        (row["source"]["S"], row["part"]["S"]): row["revision"]["N"]
        for row in rows(deployment, "LedgerTable", "source", "")
    }
    wanted = {
        alert_source(row["repositoryName"]["S"], int(row["alertID"]["N"])): row["revision"]["N"]
        for row in alerts(deployment, owner)
    } | {
        row_source(row["repositoryName"]["S"], row["period"]["S"]): row["revision"]["N"]
        for row in rows(deployment, "RepositoryOverviewTable", "repositoryName", owner)
    }
    return all(applied.get(source) == wanted[source] for source in wanted) and quiet(deployment)


@contextmanager
def at_most(deployment: Deployment, recorders: int) -> Iterator[None]:
    """Limit the recorders that run at once."""
    functions = deployment.client("lambda")
    limit = {"FunctionName": deployment.outputs["RecorderFunction"]}
    functions.put_function_concurrency(**limit, ReservedConcurrentExecutions=recorders)
    try:
        yield
    finally:
        functions.put_function_concurrency(**limit, ReservedConcurrentExecutions=RECORDERS)


def test_repeated_and_shuffled_deliveries_end_in_the_same_rows(deployment: Deployment) -> None:
    deliveries = [
        one
        for one in story(datetime(2026, 11, 23, tzinfo=UTC))
        if one["repository"]["full_name"].startswith("orgName/") and one["alert"]["number"] > 12
    ]
    deliveries = [
        {**one, "alert": {**one["alert"], "updated_at": time_of(one)}} for one in deliveries
    ]
    last = {(one["repository"]["full_name"], one["alert"]["number"]): one for one in deliveries}
    closed = sum(one["action"] in {"fixed", "closed_by_user"} for one in last.values())
    shuffled = random.Random(7).sample(deliveries, len(deliveries))  # noqa: S311
    right = (closed, len(last) - closed)
    outcomes = []
    # Closings may arrive long before creations: the second burst is shuffled and repeated, with as
    # few recorders as in an account with little concurrency.
    for burst, recorders in (([deliveries], RECORDERS), ([shuffled, deliveries], 2)):
        owner = f"o{uuid4().hex[:8]}"
        with at_most(deployment, recorders):
            for bodies in burst:
                send_all(deployment, renamed(bodies, owner))
            wait(lambda: recorded(deployment), "every event to be recorded")
        wait(lambda name=owner: len(alerts(deployment, name)) == len(last), "every alert")
        wait(lambda name=owner: closed_and_open(deployment, name) == right, "every change")
        wait(lambda name=owner: settled(deployment, name), "the overviews to catch up")
        assert closed_and_open(deployment, owner) == right
        outcomes.append(snapshot(deployment, owner))
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0]) > len(last) == 36


def closed_and_open(deployment: Deployment, owner: str) -> tuple[int, int]:
    """Return the numbers of closed and open alerts in an organisation's overview."""
    rows_of_owner = overview(deployment, "OrganisationOverviewTable", "organisationName", owner)
    numbers = {name: int(value.get("N", 0)) for name, value in rows_of_owner.get("ALL", {}).items()}
    closed = numbers.get("numberFixed", 0) + numbers.get("numberManuallyClosed", 0)
    return closed, numbers.get("openAlerts", 0)


def renamed(deliveries: list[dict[str, Any]], owner: str) -> list[dict[str, Any]]:
    """Return the same deliveries for another organisation."""
    return [json.loads(json.dumps(one).replace("orgName", owner)) for one in deliveries]


def time_of(one: dict[str, Any]) -> str:
    alert = one["alert"]
    return str(
        alert["fixed_at"] or alert["dismissed_at"] or alert.get("updated_at") or alert["created_at"]
    )


def test_rotation_of_the_secret_loses_no_delivery(deployment: Deployment) -> None:
    url, old = deployment.url("WebhookUrl"), deployment.webhook_secret
    put = deployment.client("secretsmanager").put_secret_value
    put(SecretId=deployment.outputs["WebhookSecretId"], SecretString="a-new-one")

    def status(secret: str) -> int:
        body = payload("created", unique(), 1, CREATED)
        return client.deliver_until_accepted(url, secret=secret, payload=body).status_code

    try:
        assert status(old) == 202
        # An unknown signature lets the receiver read the secret again, at most once a minute.
        wait(lambda: status("a-new-one") == 202, "the new secret to be known")
        assert status(old) == 202
        assert status("neither") == 401
    finally:
        put(SecretId=deployment.outputs["WebhookSecretId"], SecretString=old)


def test_burst_of_a_thousand_alerts_is_counted_exactly(deployment: Deployment) -> None:
    repository = unique()
    owner = repository.partition("/")[0]
    bodies = [payload("created", repository, n, CREATED) for n in range(1, 1_001)]
    send_all(deployment, bodies)

    def counted(table: str, attribute: str, name: str) -> int:
        found = overview(deployment, table, attribute, name)
        return int(found["ALL"]["openAlerts"]["N"]) if found else 0

    repositories = ("RepositoryOverviewTable", "repositoryName", repository)
    organisations = ("OrganisationOverviewTable", "organisationName", owner)
    wait(lambda: counted(*organisations) >= 1_000, "the organisation's overview", seconds=900)
    wait(lambda: settled(deployment, owner), "the queues to be empty", seconds=900)
    assert counted(*repositories) == counted(*organisations) == 1_000
    for where in (repositories, organisations):
        found = overview(deployment, *where)
        assert found["DAY#2026-03-02"]["openAlerts"]["N"] == "1000"
        assert found["MONTH#2026-03"]["openAlerts"]["N"] == "1000"
    assert depths(deployment, dead=True) == 0
