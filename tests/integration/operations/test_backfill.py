"""`gcsmttr backfill` over the fake GitHub on loopback, moto, and the recorder."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from infra.local.github.apps.registry import App
from infra.local.github.github import GitHub
from infra.local.github.http.limits import Fault
from infra.local.github.server import serving
from infra.local.github.world import changes, history
from infra.local.github.world.history import Past
from infra.local.github.world.records import Repository, Scanning
from ingest.webhooks.connected_apps import NO_APPS, ConnectedApp, text_of
from operations import deployment as deployments
from operations.aws import Aws
from operations.backfill.run import Backfill
from operations.cli.app import app
from operations.cli.exit_status import ExitStatus
from operations.deployment import Deployment
from tests.support.bus import Bus
from tests.support.rollup_stack import Stack, make_table

REGION = "eu-west-1"
ACME = ("--organisation", "Acme")


@dataclass
class Desk:
    """A user of the command, with the stack `Mine` and a GitHub."""

    github: GitHub
    url: str
    stack: Stack
    bus: Bus
    aws: Aws
    token: str | None

    def run(self, *arguments: str) -> Result:
        address = ("--api-url", self.url) if self.token else ()
        command = ["backfill", *arguments, *address, "--stack", "Mine"]
        environment = {"GITHUB_TOKEN": self.token}
        done = CliRunner().invoke(app, command, prog_name="gcsmttr", env=environment)
        for secret in (
            self.token,
            *(one.private_key for one in self.github.registry.apps.values()),
        ):
            assert secret is None or secret not in done.output
        return done

    def document(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.exit_code == ExitStatus.OK, done.output
        return json.loads(done.stdout)

    def fill(self, repositories: int, alerts: int) -> list[Repository]:
        return history.fill(
            self.github.world, "acme", Past(repositories=repositories, alerts=alerts)
        )

    def connect(self, *accounts: str) -> App:
        """Connect an App that is installed on these accounts, instead of the token."""
        manifest = {"name": "Our Metrics", "url": self.url, "hook_attributes": {"url": self.url}}
        owner = self.github.world.account("acme")
        made = self.github.registry.register(manifest, owner)
        for name in accounts:
            self.github.registry.install(made, self.github.world.account(name))
        connected = ConnectedApp(
            api_url=f"{self.url}/api/v3",
            app_id=made.id,
            slug=made.slug,
            owner="acme",
            private_key=made.private_key,
            webhook_secret=made.hook.secret,
        )
        self.aws.secretsmanager.put_secret_value(SecretId="apps", SecretString=text_of([connected]))
        self.token = None
        return made


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("ingest.bus.event_bus.pause", lambda _backoff, _attempt: None)
    github = GitHub()
    with mock_aws(), serving(github) as url:
        aws = Aws(boto3.Session(region_name=REGION))
        stack = Stack(aws.dynamodb)
        make_table(aws.dynamodb, "connections", "connection", "task", indexes={})
        aws.secretsmanager.create_secret(Name="apps", SecretString=NO_APPS)
        bus = Bus(stack.recorder)
        aws.__dict__["events"] = bus
        outputs = {
            "AllEventsTable": stack.names["events"],
            "ConnectionsTable": "connections",
            "EventBusName": "bus",
            "GitHubAppsSecretId": "apps",
            "KeepActors": "false",
        }
        mine = Deployment("Mine", aws, outputs)
        monkeypatch.setattr(deployments, "in_account", lambda _: mine)
        token = github.registry.user_token(github.world.account("octocat"))
        yield Desk(github, url, stack, bus, aws, token)


def listed(repositories: Sequence[Repository]) -> dict[tuple[str, int], str]:
    """Return the state of each alert that GitHub lists for an organisation."""
    return {
        (one.full_name, alert.number): "OPEN" if alert.state == "open" else "CLOSED"
        for one in repositories
        for alert in one.alerts.values()
        if alert.ref is None
    }


def stored(desk: Desk) -> dict[tuple[str, int], str]:
    return {name: alert.state.value for name, alert in desk.stack.finals().items()}


def test_organisation_is_recorded_with_few_requests_and_repeated_without_a_write(
    desk: Desk,
) -> None:
    made = desk.fill(repositories=3, alerts=70)
    number = len(listed(made))
    done = desk.run(*ACME)
    assert done.exit_code == ExitStatus.OK, done.output
    assert stored(desk) == listed(made)
    assert done.stdout.splitlines() == [
        f"Read: {number} alerts, with 3 requests.",
        f"Published: {number} alerts ({number} missing).",
    ]
    assert "with the token in GITHUB_TOKEN" in done.stderr
    assert len(desk.github.requests) == -(-number // 100) + 1
    again = desk.run(*ACME)
    assert again.stdout.splitlines()[1] == "Published: 0 alerts."
    assert desk.bus.entries == number


def test_interrupted_backfill_goes_on_where_it_was(desk: Desk) -> None:
    made = desk.fill(repositories=4, alerts=100)
    desk.bus.interrupted = 250
    stopped = desk.run(*ACME)
    assert stopped.exit_code == ExitStatus.INTERRUPTED
    assert "run the same command again" in stopped.stderr
    goes_on = desk.run(*ACME)
    assert goes_on.exit_code == ExitStatus.OK
    assert "Continues at page 3. Started at 20" in goes_on.stderr
    assert stored(desk) == listed(made)
    number = len(listed(made))
    assert f"Read: {number} alerts" in goes_on.stdout
    finished = desk.document(*ACME)
    assert (finished["resumedAtPage"], finished["pages"]) == (None, 4)


def test_restart_begins_at_the_first_page(desk: Desk) -> None:
    desk.fill(repositories=3, alerts=100)
    desk.bus.interrupted = 150
    desk.run(*ACME)
    document = desk.document(*ACME, "--restart")
    assert document["resumedAtPage"] is None
    assert document["differences"] == {"missing": document["alerts"] - 149}


def test_dry_run_prints_what_would_change_and_changes_nothing(desk: Desk) -> None:
    made = desk.fill(repositories=2, alerts=20)
    dry = desk.run(*ACME, "--dry-run")
    number = len(listed(made))
    assert dry.exit_code == ExitStatus.OK
    _, published, head, *rows = dry.stdout.splitlines()
    assert published == f"Would be published: {number} alerts ({number} missing)."
    assert head.split() == ["Repository", "Missing"]
    assert [row.split()[0] for row in rows] == ["acme/repo-000", "acme/repo-001"]
    assert sum(int(row.split()[1]) for row in rows) == number
    assert (desk.stack.finals(), desk.bus.entries) == ({}, 0)
    assert desk.aws.dynamodb.scan(TableName="connections")["Count"] == 0
    desk.run(*ACME)
    alert = next(one for one in made[0].alerts.values() if one.state == "open" and not one.ref)
    changes.dismiss(desk.github.world, made[0], alert)
    document = desk.document(*ACME, "--dry-run")
    assert document["repositories"] == {"acme/repo-000": {"stale": 1}}


def test_skipped_repositories_and_unreadable_alerts_are_named(desk: Desk) -> None:
    made = desk.fill(repositories=4, alerts=3)
    made[0].scanning, made[2].scanning = Scanning.NO_ANALYSIS, Scanning.BLOCKED
    alert = next(iter(made[1].alerts.values()))
    alert.number = 2**40
    done = desk.run(*ACME, "--all-branches")
    assert done.exit_code == ExitStatus.OK, done.output
    assert done.stdout.splitlines()[-5:] == [
        "Skipped repositories: 2",
        "  acme/repo-000: no analysis exists yet",
        "  acme/repo-002: it is unavailable for legal reasons",
        "Unreadable alerts: 1",
        f"  {desk.url}/acme/repo-001/security/code-scanning/{2**40}: alert_number_invalid",
    ]
    document = desk.document(*ACME, "--all-branches")
    assert document["skipped"]["reasons"] == {
        "no_analysis": 1,
        "unavailable_for_legal_reasons": 1,
    }
    assert document["unreadable"]["count"] == 1


def test_two_backfills_at_once_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.fill(repositories=3, alerts=100)
    steps = Backfill.steps

    def overtaken(self: Backfill) -> Any:
        monkeypatch.setattr(Backfill, "steps", steps)
        assert desk.run(*ACME).exit_code == ExitStatus.OK
        return steps(self)

    monkeypatch.setattr(Backfill, "steps", overtaken)
    second = desk.run(*ACME)
    assert second.exit_code == ExitStatus.FAILED
    assert "Another backfill of the organisation Acme is running" in second.stderr


def test_connected_app_reads_its_account(desk: Desk) -> None:
    made = desk.fill(repositories=2, alerts=10)
    desk.connect("acme")
    done = desk.run("--organisation", "acme")
    assert done.exit_code == ExitStatus.OK, done.output
    assert "with the GitHub App our-metrics" in done.stderr
    assert stored(desk) == listed(made)
    assert desk.run("--repository", "acme/repo-001").exit_code == ExitStatus.OK


def test_missing_credentials_name_both_ways_to_get_them(desk: Desk) -> None:
    desk.token = None
    done = desk.run(*ACME)
    assert done.exit_code == ExitStatus.FAILED
    error, next_step = done.stderr.splitlines()
    assert "GITHUB_TOKEN is not set, and no GitHub App is connected" in error
    assert "gcsmttr connect" in next_step
    assert "GITHUB_TOKEN" in next_step


def test_app_that_is_not_installed_or_suspended_names_the_next_step(desk: Desk) -> None:
    desk.fill(repositories=1, alerts=1)
    made = desk.connect()
    absent = desk.run(*ACME)
    assert absent.exit_code == ExitStatus.FAILED
    assert "The GitHub App our-metrics is not installed on the organisation Acme." in absent.stderr
    assert f"{desk.url}/apps/our-metrics" in absent.stderr
    account = desk.github.world.account("acme")
    desk.github.registry.install(made, account).suspended_at = desk.github.world.clock()
    assert "is suspended" in desk.run(*ACME).stderr
    elsewhere = desk.run(*ACME, "--api-url", "https://github.example.com")
    assert "no GitHub App is connected to https://github.example.com" in elsewhere.stderr


def test_enterprise_needs_a_token(desk: Desk) -> None:
    made = desk.fill(repositories=2, alerts=10)
    desk.github.world.account("acme").enterprise = "big"
    token, _ = desk.token, desk.connect("acme")
    refused = desk.run("--enterprise", "big")
    assert refused.exit_code == ExitStatus.FAILED
    assert "GitHub does not let Apps read the alerts of an enterprise." in refused.stderr
    assert "security_events" in refused.stderr
    desk.token = token
    document = desk.document("--enterprise", "big")
    assert document["connection"].endswith("/enterprises/big")
    assert stored(desk) == listed(made)


def test_refusals_of_github_name_the_next_step(desk: Desk) -> None:
    desk.fill(repositories=1, alerts=1)
    unknown = desk.run("--organisation", "acne")
    assert unknown.exit_code == ExitStatus.FAILED
    assert "GitHub does not have the organisation acne" in unknown.stderr
    assert "the repository acme/typo" in desk.run("--repository", "acme/typo").stderr
    desk.github.faults.add(Fault(403, "Resource not accessible"))
    assert "permission to read code scanning alerts" in desk.run(*ACME).stderr
    desk.token = "ghp_unknown"
    assert "GitHub does not accept the token in GITHUB_TOKEN." in desk.run(*ACME).stderr


def test_limit_is_waited_for_and_lost_network_ends_with_the_next_step(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk.fill(repositories=2, alerts=100)
    waited: list[float] = []
    monkeypatch.setattr("operations.cli.backfill.display.time.sleep", waited.append)
    desk.github.faults.add(Fault(429, "slow down", {"retry-after": "90"}))
    limited = desk.run(*ACME)
    assert limited.exit_code == ExitStatus.OK
    assert "waits until" in limited.stderr
    assert waited[0] >= 90
    changes.fix(desk.github.world, made[0], made[0].alerts[1])
    desk.github.faults.add(Fault(0, times=100))
    lost = desk.run(*ACME)
    assert lost.exit_code == ExitStatus.FAILED
    assert "GitHub fails or cannot be reached" in lost.stderr
    assert "run the command again" in lost.stderr


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--organisation", "acme", "--user", "octocat"),
        ("--organisation", "acme/web"),
        ("--repository", "acme"),
        ("--user", "octocat", "--all-branches"),
        ("--organisation", "acme", "--api-url", "http://github.example.com"),
    ],
)
def test_wrong_options_are_usage_errors(options: tuple[str, ...]) -> None:
    ended = CliRunner().invoke(app, ["backfill", *options, "--stack", "Mine"], prog_name="gcsmttr")
    assert ended.exit_code == ExitStatus.USAGE
    assert "gcsmttr backfill --help" in ended.stderr
