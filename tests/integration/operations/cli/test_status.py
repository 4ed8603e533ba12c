"""`gcsmttr status` over moto and the imitated GitHub: what is wrong, and the next command."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from github_rest.servers import Server
from infra.local.github.apps.hooks import Trouble
from infra.local.github.github import GitHub
from infra.local.github.server import serving
from infra.local.github.world import changes
from ingest.webhooks.connected_apps import NO_APPS
from operations import deployment as deployments
from operations.aws import Aws
from operations.cli.exit_status import ExitStatus
from operations.dead_letter_queues import QUEUES as DEAD_LETTER_QUEUES
from operations.dead_letter_queues import DeadLetterQueue
from operations.deployment import Deployment
from operations.local_stack import LocalStack
from operations.remedies import QUEUES
from operations.status.section import age
from tests.integration.operations.cli.conftest import REGION, Terminal
from tests.integration.operations.cli.test_redeliver import app_of, connect
from tests.support.graphql_api.deployment import Deployment as Api
from tests.support.graphql_api.deployment import alert, deployed
from tests.unit.github_rest.conftest import Receiver


def client(service: Any) -> Any:
    return boto3.client(service, region_name=REGION)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    with deployed(monkeypatch) as api:
        yield api


@pytest.fixture
def terminal(api: Api, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal with the stack `Mine`: one alert is counted, and nothing is wrong."""
    for name in ("GCSMTTR_STACK", "AWS_ENDPOINT_URL", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    client("secretsmanager").create_secret(Name="GitHubApps", SecretString=NO_APPS)
    client("ssm").put_parameter(
        Name="Ranges",
        Value=json.dumps({"hooks": ["192.30.252.0/22"], "storedAt": datetime.now(UTC).isoformat()}),
        Type="String",
    )
    client("dynamodb").create_table(
        TableName="Connections",
        KeySchema=[
            {"AttributeName": "connection", "KeyType": "HASH"},
            {"AttributeName": "task", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("connection", "task")
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    names = ("RepositoryQueue", "OrganisationQueue", *QUEUES)
    urls = {f"{one}Url": client("sqs").create_queue(QueueName=one)["QueueUrl"] for one in names}
    tables = ("AllEvents", "RepositoryOverview", "OrganisationOverview", "Connections")
    outputs = {
        **{f"{name}Table": name for name in tables},
        **urls,
        "GitHubAppsSecretId": "GitHubApps",
        "ReconcileHours": "6",
        "HookRangesParameter": "Ranges",
        "MetaUrl": "https://api.github.com/meta",
        "RefresherFunction": "refresher",
    }
    mine = Deployment("Mine", Aws(boto3.Session(region_name=REGION)), outputs)
    monkeypatch.setattr(deployments, "in_account", lambda _: mine)
    api.record(alert(1))
    api.roll_up()
    return Terminal(mine)


def findings(terminal: Terminal) -> list[tuple[str, str]]:
    """Return the section and the next step of each finding, which the text has as well."""
    document = terminal.document("status")
    text = terminal.mine("status")
    assert text.exit_code == (ExitStatus.FOUND if document["findings"] else ExitStatus.OK)
    assert document["isWell"] is (not document["findings"])
    for one in document["findings"]:
        assert f"Wrong: {one['what']}\nNext: {one['next']}\n" in text.stdout
    return [(one["section"], one["next"]) for one in document["findings"]]


def test_healthy_stack_is_described_and_ends_with_0(terminal: Terminal) -> None:
    done = terminal.mine("status")
    assert done.exit_code == ExitStatus.OK, done.output
    assert done.stdout.splitlines()[-1] == "All is well."
    lines = [line.split("  ")[0] for line in done.stdout.splitlines()]
    titles = ("Connections", "GitHub Apps", "Newest change", "Queues", "Dead letters")
    assert [line for line in lines if line in titles] == list(titles)
    assert "1 range, stored" in done.stdout


def test_json_document_is_stable(terminal: Terminal) -> None:
    document = terminal.document("status")
    assert list(document) == [
        "stack", "at", "isWell", "findings", "connections", "apps", "newestEvents", "queues",
        "deadLetters", "hookRanges",
    ]  # fmt: skip
    assert document["deadLetters"] == dict.fromkeys(QUEUES, 0)
    newest = document["newestEvents"]
    levels = ("allEvents", "repositoryOverview", "organisationOverview")
    assert len({newest[level] for level in levels}) == 1
    assert newest["isComplete"] is True
    assert document["queues"]["repositories"] == {
        "waiting": 0, "inProcess": 0, "oldestSeconds": None
    }  # fmt: skip


@pytest.mark.parametrize("queue", DEAD_LETTER_QUEUES.values(), ids=lambda queue: queue.name)
def test_dead_letter_is_named_with_the_command_after_the_fix(
    terminal: Terminal, queue: DeadLetterQueue
) -> None:
    url = terminal.deployment.output(queue.output)
    client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    command = f"gcsmttr redrive {queue.name} --stack Mine"
    assert findings(terminal) == [("deadLetters", command)]
    assert f"{queue.title} has 1 message. " in terminal.mine("status").stdout


def test_next_command_selects_the_local_stack(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = LocalStack("http://127.0.0.1:1", REGION, "Mine").to_facts()
    (tmp_path / "outputs.json").write_text(json.dumps(facts))
    monkeypatch.setattr(deployments, "on_emulator", lambda _: terminal.deployment)
    url = terminal.deployment.output("AlertStreamDeadLetterQueueUrl")
    client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    done = terminal.run("status", "--local", env={"RUN_DIR": str(tmp_path)})
    assert done.exit_code == ExitStatus.FOUND
    assert "Next: gcsmttr redrive alert-stream --local\n" in done.stdout


def test_token_of_the_environment_shows_its_rate_limit(
    terminal: Terminal, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(web_url=github.addresses.web, api_url=github.addresses.api)
    monkeypatch.setattr("operations.status.github_apps.GITHUB_COM", server)
    monkeypatch.setenv("GITHUB_TOKEN", github.registry.user_token(github.world.account("acme")))
    assert findings(terminal) == []
    assert "GITHUB_TOKEN" in terminal.mine("status").stdout
    assert terminal.document("status")["apps"]["token"]["limit"] == 5000
    monkeypatch.setenv("GITHUB_TOKEN", "expired")
    step = "Check that the token is valid, or that the App still exists."
    assert findings(terminal) == [("apps", step)]


def test_change_that_waits_too_long_is_a_finding(terminal: Terminal) -> None:
    url = terminal.deployment.output("RepositoryQueueUrl")
    client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    assert findings(terminal) == []
    client("cloudwatch").put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": "RepositoryQueue"}],
                "Value": 7_200,
                "Timestamp": datetime.now(UTC) - timedelta(minutes=2),
            }
        ],
    )
    ((section, step),) = findings(terminal)
    assert (section, step) == (
        "queues",
        "see the log of the queue handler; docs/operating.md, Logs",
    )
    assert (
        "1 waiting, 0 in process; the oldest is there for 2 hours" in terminal.mine("status").stdout
    )


def test_overviews_that_lack_the_newest_change_are_a_finding(terminal: Terminal, api: Api) -> None:
    api.record(alert(2, created_at=datetime(2026, 11, 22, 9, tzinfo=UTC)))
    ((section, step),) = findings(terminal)
    assert (section, step) == ("newestEvents", "gcsmttr verify --organisation octo --stack Mine")
    url = terminal.deployment.output("OrganisationQueueUrl")
    client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    assert findings(terminal) == []


def test_alerts_without_any_overview_are_a_finding(terminal: Terminal, api: Api) -> None:
    for item in api.client.scan(TableName="OrganisationOverview")["Items"]:
        key = {"organisationName": item["organisationName"], "period": item["period"]}
        api.client.delete_item(TableName="OrganisationOverview", Key=key)
    assert findings(terminal) == [("newestEvents", "gcsmttr verify --all --stack Mine")]
    assert "at least one alert, which no overview counts" in terminal.mine("status").stdout


def test_stack_without_an_app_and_without_events_is_not_connected(
    terminal: Terminal, api: Api
) -> None:
    api.client.delete_item(
        TableName="AllEvents", Key={"repositoryName": {"S": "octo/cat"}, "alertID": {"N": "1"}}
    )
    step = "gcsmttr connect --organisation NAME --stack Mine"
    assert findings(terminal) == [("connections", step)]


def store_ranges(*ranges: str, hours_ago: float = 0) -> None:
    stored_at = (datetime.now(UTC) - timedelta(hours=hours_ago)).isoformat()
    value = json.dumps({"hooks": ranges, "storedAt": stored_at})
    client("ssm").put_parameter(Name="Ranges", Value=value, Type="String", Overwrite=True)


def test_missing_and_old_hook_ranges_are_findings(terminal: Terminal) -> None:
    step = "aws lambda invoke --function-name refresher /dev/stdout"
    store_ranges()
    assert findings(terminal) == [("hookRanges", step)]
    client("ssm").put_parameter(Name="Ranges", Value="damaged", Overwrite=True)
    assert findings(terminal) == [("hookRanges", step)]
    store_ranges("192.30.252.0/22", hours_ago=4.1)
    assert findings(terminal) == [("hookRanges", step)]
    assert "4 hours ago" in terminal.mine("status").stdout


def test_hook_ranges_that_were_never_fetched_are_a_finding(terminal: Terminal) -> None:
    step = "aws lambda invoke --function-name refresher /dev/stdout"
    client("ssm").delete_parameter(Name="Ranges")
    assert findings(terminal) == [("hookRanges", step)]
    assert "6 ranges, never fetched" in terminal.mine("status").stdout


def test_allowed_ranges_are_shown_in_place_of_hook_ranges(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = {**terminal.deployment.outputs, "AllowedRanges": "192.0.2.0/24,2001:db8::/32"}
    for name in ("HookRangesParameter", "MetaUrl", "RefresherFunction"):
        del outputs[name]
    mine = replace(terminal.deployment, outputs=outputs)
    monkeypatch.setattr(deployments, "in_account", lambda _: mine)
    assert findings(terminal) == []
    assert "2 ranges of allowedRanges" in terminal.mine("status").stdout


def put_task(task: str, **attributes: Any) -> None:
    key = {"connection": {"S": "github.com/acme"}, "task": {"S": task}}
    client("dynamodb").put_item(TableName="Connections", Item={**key, **attributes})


def state(hours: float, *, ended: bool = True, **counts: object) -> dict[str, str]:
    at = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    run = {"startedAt": at, "finishedAt": at if ended else None, **counts}
    return {"S": json.dumps({"lastRun": run})}


def progress(*, ended: bool) -> dict[str, str]:
    at = "2026-11-20T09:00:00.000Z"
    counts = {"alerts": 1_200, "drift": {"missing": 3, "stale": 1}}
    read = {"started_at": at, "finished_at": at if ended else None, "counts": counts}
    return {"S": json.dumps(read)}


def test_tasks_show_their_last_run_and_the_next_one(terminal: Terminal) -> None:
    put_task(
        "connect",
        connectedAt={"S": "2026-11-19T09:00:00.000Z"},
        appSlug={"S": "our-metrics"},
    )
    put_task("backfill", progress=progress(ended=True))
    put_task("redelivery", state=state(0.5, lost=2))
    put_task("hourly", state=state(0.5, drift={}))
    put_task("lease", state={"S": '{"holder":"one"}'})
    put_task("installations#1", state={"S": '{"installations":[]}'})
    assert findings(terminal) == []
    text = terminal.mine("status").stdout
    assert "connected 2026-11-19 09:00 UTC" in text
    assert "by the App our-metrics" in text
    assert "(1,200 alerts, drift: 3 missing, 1 stale)" in text
    assert "lost deliveries: ended" in text
    assert "(2 lost); next about " in text
    assert "(drift: none); next about " in text
    document = terminal.document("status")["connections"]
    assert document["connected"][0]["app"] == "our-metrics"
    by_task = {one["task"]: one for one in document["tasks"]}
    assert by_task.keys() == {"backfill", "redelivery", "hourly"}
    assert by_task["backfill"]["drift"] == {"missing": 3, "stale": 1}
    assert by_task["backfill"]["nextAt"] is None
    started, following = (
        datetime.fromisoformat(by_task["hourly"][name]) for name in ("startedAt", "nextAt")
    )
    assert following - started == timedelta(hours=6)


@pytest.mark.parametrize(
    ("source", "option"), [("acme", "--organisation acme"), ("acme/web", "--repository acme/web")]
)
def test_connected_account_without_a_backfill_is_a_finding(
    terminal: Terminal, source: str, option: str
) -> None:
    client("dynamodb").put_item(
        TableName="Connections",
        Item={
            "connection": {"S": f"github.com/{source}"},
            "task": {"S": "connect"},
            "connectedAt": {"S": "2026-11-19T09:00:00.000Z"},
            "appSlug": {"S": "our-metrics"},
        },
    )
    assert findings(terminal) == [
        ("connections", f"gcsmttr backfill {option} --stack Mine"),
    ]


def test_interrupted_backfill_and_overdue_tasks_are_findings(terminal: Terminal) -> None:
    put_task("backfill", progress=progress(ended=False))
    put_task("redelivery", state=state(4))
    put_task("hourly", state=state(19))
    put_task("weekly", state=state(24 * 22))
    assert findings(terminal) == [
        ("connections", "repeat the same gcsmttr backfill command; it continues where it stopped"),
        ("connections", "gcsmttr reconcile --stack Mine"),
        ("connections", "gcsmttr redeliver --stack Mine"),
        ("connections", "gcsmttr reconcile --stack Mine"),
    ]


def test_reconciliation_is_overdue_after_three_of_its_own_intervals(terminal: Terminal) -> None:
    put_task("hourly", state=state(17))
    assert findings(terminal) == []


@pytest.fixture
def github() -> Iterator[GitHub]:
    github = GitHub(send=Receiver())
    github.world.add_repository("acme/web")
    with serving(github):
        yield github


def test_app_shows_its_installation_rate_limit_and_last_delivery(
    terminal: Terminal, github: GitHub
) -> None:
    app = app_of(github, "Our metrics")
    connect(github, app)
    repository = github.world.find("acme/web")
    assert repository is not None
    changes.create_alert(github.world, repository)
    assert findings(terminal) == []
    text = terminal.mine("status").stdout
    assert "installed on acme; 5,000 of 5,000 requests left until " in text
    assert "last delivery " in text
    (facts,) = terminal.document("status")["apps"]["apps"]
    assert facts["installations"][0]["rateLimit"]["limit"] == 5000
    with github.courier.troubled(Trouble.REFUSED):
        changes.create_alert(github.world, repository)
    assert findings(terminal) == [("apps", "gcsmttr redeliver --stack Mine")]
    assert "1 of the newest 2 lost" in terminal.mine("status").stdout


def test_app_that_is_refused_suspended_or_not_installed_is_a_finding(
    terminal: Terminal, github: GitHub
) -> None:
    app = app_of(github, "Our metrics")
    connect(github, app)
    (installation,) = github.registry.installations.values()
    installation.suspended_at = datetime.now(UTC)
    step = "unsuspend it in the account's settings at GitHub"
    assert findings(terminal) == [("apps", step)]
    github.registry.installations.clear()
    assert findings(terminal) == [
        ("apps", f"install it at {github.addresses.web}/apps/our-metrics")
    ]
    github.registry.apps.clear()
    step = "Check that the token is valid, or that the App still exists."
    assert findings(terminal) == [("apps", step)]
    assert terminal.document("status")["apps"]["apps"][0]["error"] == "unauthorized"


def test_rate_limit_that_is_almost_used_up_is_a_finding(terminal: Terminal, github: GitHub) -> None:
    connect(github, app_of(github, "Our metrics"))
    github.limits.is_enabled = False
    assert findings(terminal) == []
    assert "no rate limit" in terminal.mine("status").stdout
    github.limits.is_enabled = True
    github.limits.limit = 1_000
    (installation,) = github.registry.installations
    for _ in range(950):
        github.limits.take(f"installation {installation}")
    ((section, step),) = findings(terminal)
    assert section == "apps"
    assert step.startswith("wait until ")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59, "less than a minute"), (60, "1 minute"), (7_199, "1 hour"), (172_800, "2 days")],
)
def test_age_is_cut_to_its_largest_unit(seconds: int, expected: str) -> None:
    assert age(timedelta(seconds=seconds)) == expected
