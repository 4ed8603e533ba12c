"""`gcsmttr connect` against an imitated GitHub, from the manifest to the first delivery."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import click
import httpx2
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner, Result

from infra.local.github.apps.hooks import Trouble
from infra.local.github.github import GitHub
from infra.local.github.http.limits import Fault
from operations import deployment as deployments
from operations.cli.app import app
from operations.cli.exit_status import ExitStatus
from operations.cli.output import Output
from operations.connect.guide.server import PageServer
from tests.integration.operations.conftest import Clock, Stack
from tests.support.connect_person import Person


@dataclass
class Session:
    """Runs the command, and lets the person do what it asks for, in the same thread."""

    github_url: str
    clock: Clock
    person: Person = field(default_factory=Person)
    creates: bool = True
    installs: bool = True
    notes: list[str] = field(default_factory=list)

    def hear(self, text: str) -> None:
        self.notes.append(text)
        if self.creates and text.startswith("Open this page"):
            url = text.rpartition(" ")[2]
            if "Install on" not in httpx2.get(url, trust_env=False).text:
                self.person.create(url)
        if self.installs and text.startswith("Waiting until the App is installed"):
            (link,) = [
                one.rpartition(" ")[2] for one in self.notes if one.startswith("Install the App")
            ]
            self.person.install(link)

    def run(self, *arguments: str, reply: str | None = None) -> Result:
        given = ("connect", *arguments, "--enterprise-server", self.github_url, "--no-browser")
        given += ("--stack", "Mine")
        return CliRunner().invoke(app, given, prog_name="gcsmttr", input=reply)


@pytest.fixture
def session(
    github_url: str, stack: Stack, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Session:
    made = Session(github_url, clock)
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.setattr(deployments, "in_account", lambda _: stack.deployment)
    monkeypatch.setattr("operations.cli.connect.time.monotonic", clock)
    monkeypatch.setattr(PageServer, "pause", lambda _, seconds: clock.pause(seconds))
    monkeypatch.setattr(PageServer, "wait_until_seen", lambda *_: None)
    note = Output.note

    def hear(output: Any, text: str) -> None:
        note(output, text)
        made.hear(text)

    monkeypatch.setattr(Output, "note", hear)
    return made


def test_organisation_is_connected(session: Session, stack: Stack, github: GitHub) -> None:
    ended = session.run("--organisation", "acme", "--json")
    assert ended.exit_code == ExitStatus.OK, ended.stderr
    (made,) = stack.apps
    (registered,) = github.registry.apps.values()
    assert (made.app_id, made.slug, made.owner) == (registered.id, "gcsmttr-acme", "Acme")
    assert made.webhook_secret == registered.hook.secret
    assert made.private_key == registered.private_key
    host = session.github_url.partition("//")[2]
    (record,) = stack.records.all()
    assert (record.connection, record.account) == (f"{host}/acme", "Acme")
    assert (record.app_id, record.app_slug) == (made.app_id, made.slug)
    document = json.loads(ended.stdout)
    assert document["connection"] == record.connection
    assert document["connectedAt"] == record.connected_at
    assert document["app"] == {"id": made.app_id, "slug": "gcsmttr-acme"}
    assert document["allRepositories"] is True
    assert document["next"].startswith("gcsmttr backfill --organisation Acme --api-url")
    # GitHub pings before the stack has the secret, so the ping is repeated until it is accepted.
    assert stack.received[0] == ("ping", 401)
    assert stack.received[-1][1] == 200
    assert "It reads new secrets within a minute." in ended.stderr


def test_organisation_is_connected_to_a_stack_without_graphiql(
    session: Session, stack: Stack
) -> None:
    outputs = dict(stack.deployment.outputs)
    outputs["GraphqlUrl"] = outputs.pop("GraphiqlUrl").replace("graphiql", "graphql")
    stack.deployment = replace(stack.deployment, outputs=outputs)

    ended = session.run("--organisation", "acme")

    assert ended.exit_code == ExitStatus.OK, ended.stderr
    assert len(stack.apps) == 1


def test_no_output_and_no_page_contains_a_secret(
    session: Session, stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    codes: list[str] = []
    session.person.on_code = lambda back: codes.append(back.partition("code=")[2].split("&")[0])
    with caplog.at_level("INFO"):
        ended = session.run("--organisation", "acme")
    (made,) = stack.apps
    (code,) = codes
    # The browser of the person is in this process, too.
    logged = [one for one in caplog.messages if "/registered?" not in one]
    shown = "".join((ended.stdout, ended.stderr, *session.person.pages, *logged))
    for secret in (made.private_key, made.webhook_secret, code):
        assert secret not in shown
    assert "gcsmttr backfill --organisation Acme" in ended.stderr


def test_repository_is_connected_by_an_app_of_its_owner(
    session: Session, stack: Stack, github: GitHub
) -> None:
    web = github.world.add_repository("acme/Web")
    session.person.repositories = (web.id,)
    ended = session.run("--repository", "acme/Web", "--json")
    assert ended.exit_code == ExitStatus.OK, ended.stderr
    assert "Select only the repository Acme/Web." in session.notes
    document = json.loads(ended.stdout)
    assert document["allRepositories"] is False
    assert document["connection"].endswith("/acme/web")
    assert "backfill --repository Acme/Web" in document["next"]
    assert [one.owner for one in stack.apps] == ["Acme"]


def test_repository_of_a_user_is_connected(session: Session, stack: Stack, github: GitHub) -> None:
    github.world.add_repository("octocat/hello")
    ended = session.run("--repository", "octocat/hello")
    assert ended.exit_code == ExitStatus.OK, ended.stderr
    assert [one.slug for one in stack.apps] == ["gcsmttr-octocat"]


def test_user_is_connected(session: Session, stack: Stack) -> None:
    ended = session.run("--user", "octocat")
    assert ended.exit_code == ExitStatus.OK, ended.stderr
    assert [one.owner for one in stack.apps] == ["octocat"]


def test_second_run_finds_everything_done(session: Session, stack: Stack, github: GitHub) -> None:
    assert session.run("--organisation", "acme").exit_code == ExitStatus.OK
    before = stack.records.all()
    session.notes.clear()
    again = session.run("--organisation", "ACME")
    assert again.exit_code == ExitStatus.OK, again.stderr
    assert len(github.registry.apps) == 1
    assert stack.records.all() == before
    assert not [one for one in session.notes if one.startswith("Open this page")]


def test_interrupted_run_goes_on_with_the_same_app(
    session: Session, stack: Stack, github: GitHub
) -> None:
    session.installs = False
    session.clock.on_pause.append(interrupt)
    ended = session.run("--organisation", "acme")
    assert ended.exit_code == ExitStatus.INTERRUPTED
    assert "Run the same command again" in ended.stderr
    session.clock.on_pause.clear()
    late = session.run("--organisation", "acme", "--wait", "1")
    assert late.exit_code == ExitStatus.FAILED
    assert "was not installed on Acme in time" in late.stderr
    assert "/apps/gcsmttr-acme/installations/new" in late.stderr
    session.installs = True
    session.notes.clear()
    ended = session.run("--organisation", "acme")
    assert ended.exit_code == ExitStatus.OK, ended.stderr
    assert len(github.registry.apps) == len(stack.apps) == 1


def interrupt() -> None:
    raise KeyboardInterrupt


def test_second_target_of_an_owner_uses_its_app(
    session: Session, stack: Stack, github: GitHub
) -> None:
    github.world.add_repository("acme/web")
    assert session.run("--organisation", "acme").exit_code == ExitStatus.OK
    assert session.run("--repository", "acme/web").exit_code == ExitStatus.OK
    assert len(github.registry.apps) == len(stack.apps) == 1
    assert len(stack.records.all()) == 2


def test_taken_name_can_be_changed_on_github(
    session: Session, stack: Stack, github: GitHub
) -> None:
    github.registry.register(
        {"name": "GCSMTTR Acme", "url": "https://x.test", "hook_attributes": {"url": "https://x"}},
        github.world.account("other"),
    )
    session.person.choices = {"name": "Our metrics"}
    assert session.run("--organisation", "acme").exit_code == ExitStatus.OK
    assert [one.slug for one in stack.apps] == ["our-metrics"]


def test_used_code_is_refused_with_the_next_step(
    session: Session, stack: Stack, github: GitHub
) -> None:
    def use(back: str) -> None:
        github.registry.convert(back.partition("code=")[2].split("&")[0])

    session.person.on_code = use
    ended = session.run("--organisation", "acme")
    assert ended.exit_code == ExitStatus.FAILED
    assert "the code was used before, or it is older than an hour" in ended.stderr
    assert (
        f"Delete the App in {session.github_url}/organizations/Acme/settings/apps" in ended.stderr
    )
    assert stack.apps == ()


def test_wrong_state_and_replayed_code_do_not_disturb_a_run(
    session: Session, stack: Stack, github: GitHub
) -> None:
    other = github.registry.register(
        {"name": "Evil", "url": "https://x.test", "hook_attributes": {"url": "https://x.test"}},
        github.world.account("evil"),
    )
    statuses: list[int] = []

    def attack(back: str) -> None:
        code = github.registry.code_of(other)
        page = back.partition("?")[0]
        queries = (f"code={code}", f"code={code}&state=guess")
        statuses.extend(
            httpx2.get(f"{page}?{query}", trust_env=False).status_code for query in queries
        )
        rebound = {"host": "attacker.test"}
        statuses.append(httpx2.get(back, headers=rebound, trust_env=False).status_code)

    session.person.on_code = attack
    assert session.run("--organisation", "acme").exit_code == ExitStatus.OK
    assert statuses == [403, 403, 421]
    assert [one.slug for one in stack.apps] == ["gcsmttr-acme"]


def test_two_connections_at_once_lose_neither(
    session: Session, stack: Stack, github: GitHub
) -> None:
    """The second run stores its App between the read and the write of the first one."""
    github.world.account("beta")
    original = stack.secrets.update_secret_version_stage
    nested: list[Result] = []
    second = Session(session.github_url, session.clock)

    def update(**arguments: Any) -> Any:
        stack.secrets.update_secret_version_stage = original
        if arguments["VersionStage"] == "AWSCURRENT":
            session.hear, hear = second.hear, session.hear  # type: ignore[method-assign]
            nested.append(second.run("--organisation", "beta"))
            session.hear = hear  # type: ignore[method-assign]
        else:
            stack.secrets.update_secret_version_stage = update
        return original(**arguments)

    vars(stack.deployment.aws)["secretsmanager"] = stack.secrets
    stack.secrets.update_secret_version_stage = update
    first = session.run("--organisation", "acme")
    assert first.exit_code == nested[0].exit_code == ExitStatus.OK, first.stderr
    assert {one.owner for one in stack.apps} == {"Acme", "beta"}


def test_deliveries_that_time_out_are_reported_and_the_run_can_go_on(
    session: Session, github: GitHub, stack: Stack
) -> None:
    with github.courier.troubled(Trouble.REFUSED):
        ended = session.run("--organisation", "acme", "--wait", "3")
    assert ended.exit_code == ExitStatus.FAILED
    assert "could not deliver the event" in ended.stderr
    assert "failed to connect to host." in ended.stderr
    assert "/settings/apps/gcsmttr-acme/advanced" in ended.stderr
    assert stack.records.all() == ()
    session.notes.clear()
    assert session.run("--organisation", "acme").exit_code == ExitStatus.OK


@pytest.mark.parametrize(("reply", "ran"), [("y\n", True), ("n\n", False)])
def test_person_at_a_terminal_can_backfill_at_once(
    session: Session, monkeypatch: pytest.MonkeyPatch, reply: str, ran: bool
) -> None:
    calls: list[tuple[str, ...]] = []

    @click.command(context_settings={"ignore_unknown_options": True})
    @click.argument("words", nargs=-1)
    def backfill(words: tuple[str, ...]) -> ExitStatus:
        calls.append(words)
        return ExitStatus.FOUND

    monkeypatch.setitem(app.commands, "backfill", backfill)
    monkeypatch.setattr(Output, "is_interactive", True)
    ended = session.run("--organisation", "acme", reply=reply)
    assert "Backfill now? [y/N]" in ended.stderr
    api_url = f"{session.github_url}/api/v3"
    words = ("--organisation", "Acme", "--api-url", api_url, "--local")
    assert calls == ([words] if ran else [])
    assert ended.exit_code == (ExitStatus.FOUND if ran else ExitStatus.OK), ended.stderr


def test_app_that_is_not_created_in_time_is_reported(session: Session, stack: Stack) -> None:
    session.creates = False
    ended = session.run("--organisation", "acme", "--wait", "1")
    assert ended.exit_code == ExitStatus.FAILED
    assert "The App was not created in time." in ended.stderr
    assert stack.apps == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--organisation", "octocat"), "Give --user octocat instead."),
        (("--user", "acme"), "Give --organisation Acme instead."),
        (("--organisation", "nobody"), "has no account with the name nobody"),
        (("--repository", "nobody/x"), "has no account with the name nobody"),
    ],
)
def test_wrong_account_is_found_before_a_page_opens(
    session: Session, arguments: tuple[str, ...], message: str
) -> None:
    ended = session.run(*arguments)
    assert ended.exit_code == ExitStatus.FAILED
    assert message in ended.stderr
    assert not [one for one in session.notes if one.startswith("Open this page")]


def test_private_server_needs_the_kind_or_a_token(
    session: Session, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    github.world.add_repository("acme/web")
    github.faults.add(Fault(401, "Must authenticate", path="/users/acme"))
    ended = session.run("--repository", "acme/web")
    assert ended.exit_code == ExitStatus.FAILED
    assert "GITHUB_TOKEN" in ended.stderr
    github.faults.add(Fault(429, "Too many requests", path="/users/acme"))
    assert session.run("--organisation", "acme").exit_code == ExitStatus.OK
    token = github.registry.user_token(github.world.account("octocat"))
    monkeypatch.setenv("GITHUB_TOKEN", token)
    github.faults.add(Fault(401, "Must authenticate", path="/users/acme"))
    assert session.run("--repository", "acme/web").exit_code == ExitStatus.OK


def test_deleted_app_is_replaced_and_a_refused_key_is_not(
    session: Session, stack: Stack, github: GitHub
) -> None:
    assert session.run("--organisation", "acme").exit_code == ExitStatus.OK
    github.faults.add(Fault(401, "'Expiration time' claim must be in the future", path="/app"))
    refused = session.run("--organisation", "acme")
    assert refused.exit_code == ExitStatus.FAILED
    assert "Check the clock" in refused.stderr
    assert "gcsmttr connect --organisation Acme --remove" in refused.stderr
    github.faults.add(Fault(404, "Integration not found", path="/app"))
    session.person.choices = {"name": "Another"}
    session.notes.clear()
    assert session.run("--organisation", "acme").exit_code == ExitStatus.OK
    assert [one.slug for one in stack.apps] == ["another"]
    assert [one.app_slug for one in stack.records.all()] == ["another"]


def test_removed_app_is_forgotten_at_once(session: Session, stack: Stack, github: GitHub) -> None:
    github.world.account("beta")
    assert session.run("--organisation", "acme").exit_code == ExitStatus.OK
    session.notes.clear()
    assert session.run("--organisation", "beta").exit_code == ExitStatus.OK
    ended = session.run("--organisation", "ACME", "--remove")
    assert ended.exit_code == ExitStatus.OK, ended.stderr
    assert "/organizations/ACME/settings/apps/gcsmttr-acme/advanced" in ended.stderr
    assert [one.owner for one in stack.apps] == ["beta"]
    assert [one.account for one in stack.records.all()] == ["beta"]
    previous = stack.secrets.get_secret_value(SecretId="GitHubApps", VersionStage="AWSPREVIOUS")
    assert "gcsmttr-acme" not in previous["SecretString"]
    again = session.run("--organisation", "acme", "--remove")
    assert again.exit_code == ExitStatus.FAILED
    assert "No App of acme" in again.stderr


def test_credentials_that_may_not_write_are_refused_before_a_page_opens(
    session: Session, stack: Stack
) -> None:
    def refuse(**_: Any) -> Any:
        raise ClientError(
            {"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "PutSecretValue"
        )

    vars(stack.deployment.aws)["secretsmanager"] = stack.secrets
    stack.secrets.put_secret_value = refuse
    ended = session.run("--organisation", "acme")
    assert ended.exit_code == ExitStatus.FAILED
    assert "docs/README.md leads to the rights" in ended.stderr
    assert not [one for one in session.notes if one.startswith("Open this page")]


def test_server_that_does_not_respond_is_named(session: Session) -> None:
    session.github_url = "http://127.0.0.1:9"
    ended = session.run("--organisation", "acme")
    assert ended.exit_code == ExitStatus.FAILED
    assert "http://127.0.0.1:9/api/v3 does not respond as a GitHub does" in ended.stderr
    assert "--enterprise-server" in ended.stderr


@pytest.mark.usefixtures("session")
def test_local_stack_is_not_connected_to_github_com() -> None:
    ended = CliRunner().invoke(app, ["connect", "--user", "octocat", "--stack", "Mine"])
    assert ended.exit_code == ExitStatus.FAILED
    assert "https://github.com cannot deliver to http://127.0.0.1:1/" in ended.stderr


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    "arguments",
    [(), ("--organisation", "a", "--user", "b"), ("--organisation", "a/b"), ("--repository", "a"),
     ("--user", "a", "--enterprise-server", "ftp://x"), ("--user", "a", "--wait", "0"),
     ("--user", "a", "--enterprise-server", "http://github.example.com")],
)  # fmt: skip
def test_wrong_command_line_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    ended = CliRunner().invoke(app, ["connect", *arguments, "--stack", "Mine"])
    assert ended.exit_code == ExitStatus.USAGE
