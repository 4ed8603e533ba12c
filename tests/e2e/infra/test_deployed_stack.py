"""The whole way of an alert through the deployed stack, nothing patched.

Whatever is waited for is a condition that can be seen, so that a slow machine takes longer and
nothing else: an execution that has ended, a ledger that has caught up with the rows.
"""

import json
import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.client import Answer, form
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


def send(deployment: Deployment, body: dict[str, Any] | bytes, **options: Any) -> Answer:
    url, secret = deployment.url("WebhookUrl"), deployment.webhook_secret
    return client.deliver_until_taken(url, secret=secret, payload=body, **options)


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
    return [item for item in found if item[attribute]["S"].startswith(prefix.lower())]


def alerts(deployment: Deployment, repository: str) -> list[dict[str, Any]]:
    found = rows(deployment, "AllEventsTable", "repositoryName", repository)
    return [row for row in found if "state" in row]


def kept(deployment: Deployment, repository: str) -> list[dict[str, Any]]:
    """The rows of changes to alerts that were never created."""
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


def examples() -> list[dict[str, Any]]:
    """Every `code_scanning_alert` payload of GitHub's collection: all of them are of one alert."""
    return [
        example
        for file in sorted((ROOT / "node_modules/@octokit/webhooks-examples").rglob("*.json"))
        if isinstance(document := json.loads(file.read_text()), list)
        for event in document
        if event["name"] == "code_scanning_alert"
        for example in event["examples"]
    ]


def test_every_example_of_github_goes_through(deployment: Deployment) -> None:
    told = examples()
    of = {action: [one for one in told if one["action"] == action] for action in EXAMPLES}
    assert {action: len(some) for action, some in of.items()} == EXAMPLES
    assert len(told) == sum(EXAMPLES.values())

    def send_each(some: list[dict[str, Any]], *, changes: int) -> dict[str, Any]:
        """Deliver one by one; the row without its changes, once it has as many of them."""
        for one in some:
            answer = send(deployment, one)
            assert answer.status == 202
            assert answer.json() == {"outcome": "accepted", "alert": f"{CODERTOCAT}/10"}
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
    # The dismissal tells an earlier time than the creation, whose facts are therefore the newest.
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
    # The fix tells no time: it brings the newest facts, and does not move a closing that is known.
    fixed = send_each(of["fixed"], changes=3)
    assert fixed == dismissed
    # The reopenings have no time either, so each body is one of its own, on the default branch.
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
    # Some payloads name another organisation beside the repository: the owner is the one.
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
    """The changes that the one alert of a repository keeps."""
    return [
        change
        for row in alerts(deployment, repository)
        for change in json.loads(row["changes"]["S"])["changes"]
    ]


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
        wait(lambda: ping(deployment) == 200, "the address to be allowed")


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

    # What a refused one had put onto the bus would arrive before what is accepted after it; the
    # second of those is there for what might overtake the first.
    accepted = [unique(), unique()]
    for repository in accepted:
        assert send(deployment, payload("created", repository, 2, CREATED)).status == 202
        wait(lambda name=repository: has_arrived(name), "the event that was accepted")
    events.remove_targets(Rule=name, EventBusName=bus, Ids=["spy"])
    events.delete_rule(Name=name, EventBusName=bus)
    assert set(arrived) == set(accepted)


def test_form_encoded_deliveries_and_user_owned_repositories_work(deployment: Deployment) -> None:
    repository = unique("person")
    body = payload("created", repository, 1, CREATED)
    body.pop("organization", None)
    answer = send(deployment, form(body), content_type="application/x-www-form-urlencoded")
    assert answer.status == 202
    wait(lambda: alerts(deployment, repository), "the alert")
    owner = repository.partition("/")[0]
    assert alerts(deployment, repository)[0]["organisationName"]["S"] == owner


def fix(repository: str, number: int) -> dict[str, Any]:
    return payload("fixed", repository, number, CREATED, fixed_at="2026-03-05T09:00:00Z")


def test_a_closing_of_an_alert_that_was_never_created_is_kept_and_not_an_alert(
    deployment: Deployment,
) -> None:
    repository = unique()
    assert send(deployment, fix(repository, 1)).status == 202
    wait(lambda: kept(deployment, repository), "the closing to be kept")
    (row,) = kept(deployment, repository)
    names = {"repositoryName", "alertID", "changes", "details", "revision", "expiresAt"}
    assert set(row) == names
    url, key = deployment.url("GraphqlUrl"), deployment.api_key
    query = f"""{{
        getAlert(id: "{repository}/1") {{ id }}
        repository(name: "{repository}") {{ lastEventAt alerts {{ data {{ id }} }} }}
    }}"""
    found = client.data(url, key=key, query=query)
    assert found["getAlert"] is None
    assert found["repository"] == {"lastEventAt": None, "alerts": {"data": []}}
    wait(lambda: quiet(deployment) and recorded(deployment), "everything to be handled")
    assert overview(deployment, "RepositoryOverviewTable", "repositoryName", repository) == {}


def test_closings_that_all_come_before_their_creations_are_applied(deployment: Deployment) -> None:
    repository, numbers = unique(), range(1, 151)
    send_all(deployment, [fix(repository, number) for number in numbers])
    wait(lambda: len(kept(deployment, repository)) == len(numbers), "every closing to be kept")
    assert alerts(deployment, repository) == []
    send_all(deployment, [payload("created", repository, n, CREATED) for n in numbers])
    wait(lambda: len(alerts(deployment, repository)) == len(numbers), "every alert")
    owner = repository.partition("/")[0]
    wait(lambda: settled(deployment, owner), "the overviews to catch up")
    assert {row["state"]["S"] for row in alerts(deployment, repository)} == {"CLOSED"}
    assert ended_and_open(deployment, owner) == (len(numbers), 0)
    assert depths(deployment, dead=True) == 0


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


def recorded(deployment: Deployment) -> bool:
    """Whether every execution of the state machine has ended."""
    machine = deployment.outputs["StateMachineArn"]
    running = deployment.client("stepfunctions").list_executions(
        stateMachineArn=machine, statusFilter="RUNNING"
    )
    return not running["executions"]


def settled(deployment: Deployment, owner: str) -> bool:
    """Whether nothing is under way: the ledger has every row of an owner at its last revision."""
    if not recorded(deployment):
        return False
    # Read before the rows: what is applied meanwhile is then seen as missing here, never there.
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
    """Let only so many recorders run at once."""
    functions = deployment.client("lambda")
    limit = {"FunctionName": deployment.outputs["RecorderFunction"]}
    functions.put_function_concurrency(**limit, ReservedConcurrentExecutions=recorders)
    try:
        yield
    finally:
        functions.put_function_concurrency(**limit, ReservedConcurrentExecutions=RECORDERS)


def test_the_story_twice_and_shuffled_gives_the_same_rows(deployment: Deployment) -> None:
    told = [
        one
        for one in story(datetime(2026, 11, 23, tzinfo=UTC))
        if one["repository"]["full_name"].startswith("orgName/") and one["alert"]["number"] > 12
    ]
    told = [{**one, "alert": {**one["alert"], "updated_at": at_of(one)}} for one in told]
    last = {(one["repository"]["full_name"], one["alert"]["number"]): one for one in told}
    closed = sum(one["action"] in {"fixed", "closed_by_user"} for one in last.values())
    shuffled = random.Random(7).sample(told, len(told))  # noqa: S311
    right = (closed, len(last) - closed)
    outcomes = []
    # Closings may overtake creations by any time: the second burst comes in any order, at once,
    # and finds recorders as few as in an account with little concurrency.
    for burst, recorders in (([told], RECORDERS), ([shuffled, told], 2)):
        owner = f"o{uuid4().hex[:8]}"
        with at_most(deployment, recorders):
            for bodies in burst:
                send_all(deployment, renamed(bodies, owner))
            wait(lambda: recorded(deployment), "every event to be recorded")
        wait(lambda name=owner: len(alerts(deployment, name)) == len(last), "every alert")
        wait(lambda name=owner: ended_and_open(deployment, name) == right, "every change")
        wait(lambda name=owner: settled(deployment, name), "the overviews to catch up")
        assert ended_and_open(deployment, owner) == right
        outcomes.append(snapshot(deployment, owner))
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0]) > len(last) == 36


def ended_and_open(deployment: Deployment, owner: str) -> tuple[int, int]:
    """How many alerts of an organisation are closed and open, by its overview."""
    rows_of_owner = overview(deployment, "OrganisationOverviewTable", "organisationName", owner)
    numbers = {name: int(value.get("N", 0)) for name, value in rows_of_owner.get("ALL", {}).items()}
    ended = numbers.get("numberFixed", 0) + numbers.get("numberManuallyClosed", 0)
    return ended, numbers.get("openAlerts", 0)


def renamed(told: list[dict[str, Any]], owner: str) -> list[dict[str, Any]]:
    """The same deliveries of another organisation."""
    return [json.loads(json.dumps(one).replace("orgName", owner)) for one in told]


def at_of(one: dict[str, Any]) -> str:
    alert = one["alert"]
    return str(
        alert["fixed_at"] or alert["dismissed_at"] or alert.get("updated_at") or alert["created_at"]
    )


def test_a_rotated_secret_loses_nothing(deployment: Deployment) -> None:
    url, old = deployment.url("WebhookUrl"), deployment.webhook_secret
    put = deployment.client("secretsmanager").put_secret_value
    put(SecretId=deployment.outputs["WebhookSecretId"], SecretString="a-new-one")

    def status(secret: str) -> int:
        body = payload("created", unique(), 1, CREATED)
        return client.deliver_until_taken(url, secret=secret, payload=body).status

    try:
        assert status(old) == 202
        # A signature that fits no known value has the values read again, at most once a minute.
        wait(lambda: status("a-new-one") == 202, "the new secret to be known")
        assert status(old) == 202
        assert status("neither") == 401
    finally:
        put(SecretId=deployment.outputs["WebhookSecretId"], SecretString=old)


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
    wait(lambda: counted(*organisations) >= 1_000, "the organisation's overview", seconds=900)
    wait(lambda: settled(deployment, owner), "the queues to be empty", seconds=900)
    assert counted(*repositories) == counted(*organisations) == 1_000
    for where in (repositories, organisations):
        found = overview(deployment, *where)
        assert found["DAY#2026-03-02"]["openAlerts"]["N"] == "1000"
        assert found["MONTH#2026-03"]["openAlerts"]["N"] == "1000"
    assert depths(deployment, dead=True) == 0
