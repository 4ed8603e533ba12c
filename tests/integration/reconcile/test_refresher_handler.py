"""The refresher over moto: anonymous, and as an App of the imitated GitHub on loopback."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import httpx2
import pytest
from moto import mock_aws

from infra.local.github.apps.registry import App
from infra.local.github.github import GitHub
from infra.local.github.server import serving
from ingest.errors import HookRangesError
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.source_addresses.hook_ranges_store import HookRangesStore
from ingest.source_addresses.stored_ranges import StoredRanges
from ingest.webhooks.connected_apps import ConnectedApp, text_of
from reconcile import refresher_handler
from tests.support.lambda_context import CONTEXT
from tests.support.meta_server import MetaServer, serving_meta
from tests.unit.github_rest.test_apps import MANIFEST


@pytest.fixture(autouse=True)
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "GITHUB_APPS_SECRET_ID": "apps",
        "HOOK_RANGES_PARAMETER": "/ranges",
        "STACK_NAME": "Mine",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws(config={"core": {"passthrough": {"urls": ["127.0.0.1"]}}}):
        boto3.client("secretsmanager").create_secret(Name="apps", SecretString="[]")
        yield
    refresher_handler._store.cache_clear()
    refresher_handler._secrets.cache_clear()


@pytest.fixture
def meta(monkeypatch: pytest.MonkeyPatch) -> Iterator[MetaServer]:
    with serving_meta() as server:
        monkeypatch.setenv("META_URL", server.url)
        yield server


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    imitated = GitHub(send=lambda *_, **__: httpx2.Response(202))
    with serving(imitated) as url:
        monkeypatch.setenv("META_URL", f"{url}/api/v3/meta")
        connect(url, imitated)
        yield imitated


def connect(url: str, github: GitHub) -> App:
    """Register an App, install it, and store it in the secret."""
    app = github.registry.register({**MANIFEST, "name": "metrics"}, github.world.account("acme"))
    github.registry.install(app, app.owner)
    connected = ConnectedApp(
        api_url=f"{url}/api/v3",
        app_id=app.id,
        slug=app.slug,
        owner=app.owner.login,
        private_key=app.private_key,
        webhook_secret=app.hook.secret,
    )
    store_apps(text_of([connected]))
    github.requests.clear()
    return app


def store_apps(text: str) -> None:
    boto3.client("secretsmanager").put_secret_value(SecretId="apps", SecretString=text)


def refresh() -> dict[str, int]:
    refreshed: dict[str, int] = refresher_handler.handler({}, CONTEXT)
    return refreshed


def stored() -> StoredRanges | None:
    return HookRangesStore(boto3.client("ssm"), parameter="/ranges").read()


def metric(output: str) -> dict[str, Any] | None:
    """Return the only metric document in the lines that a run printed, None without one."""
    documents = [json.loads(line) for line in output.splitlines() if "_aws" in line]
    assert len(documents) <= 1
    return documents[0] if documents else None


@pytest.mark.usefixtures("meta")
def test_first_run_creates_the_parameter_and_reports_its_age(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert stored() is None
    assert refresh() == {"ranges": 2}
    found = stored()
    assert found is not None
    assert found.ranges.allow("127.0.0.1")
    assert datetime.now(UTC) - found.stored_at < timedelta(minutes=1)
    reported = metric(capsys.readouterr().out)
    assert reported is not None
    (directive,) = reported["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("Gcsmttr", [["stack"]])
    assert reported["stack"] == "Mine"
    assert 0 <= reported["HookRangesAge"][0] < 0.1


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (500, b"", "hook_ranges_unreachable"),
        (403, b"", "hook_ranges_unreachable"),
        (200, b"", "hook_ranges_malformed"),
        (200, b'{"hooks":[]}', "hook_ranges_empty"),
    ],
)
def test_failed_refresh_keeps_the_last_good_ranges_and_reports_their_age(
    meta: MetaServer,
    capsys: pytest.CaptureFixture[str],
    status: int,
    body: bytes,
    reason: str,
) -> None:
    five_hours_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)
    before = StoredRanges(HookRanges.listed(["192.0.2.0/24"]), five_hours_ago)
    HookRangesStore(boto3.client("ssm"), parameter="/ranges").write(before)
    meta.status, meta.body = status, body
    with pytest.raises(HookRangesError, match=reason):
        refresh()
    assert stored() == before
    reported = metric(capsys.readouterr().out)
    assert reported is not None
    assert reported["HookRangesAge"][0] == pytest.approx(5, abs=0.1)


def test_failure_without_a_copy_reports_no_age(
    meta: MetaServer, capsys: pytest.CaptureFixture[str]
) -> None:
    meta.status = 500
    with pytest.raises(HookRangesError, match="hook_ranges_unreachable"):
        refresh()
    assert metric(capsys.readouterr().out) is None


def test_damaged_copy_has_no_age_and_is_replaced_by_the_next_success(
    meta: MetaServer, capsys: pytest.CaptureFixture[str]
) -> None:
    boto3.client("ssm").put_parameter(Name="/ranges", Value="damaged", Type="String")
    meta.status = 500
    with pytest.raises(HookRangesError, match="hook_ranges_unreachable"):
        refresh()
    assert metric(capsys.readouterr().out) is None
    meta.status = 200
    assert refresh() == {"ranges": 2}
    assert stored() is not None


def test_connected_app_reads_the_document_as_an_installation(github: GitHub) -> None:
    github.hook_ranges = ("192.0.2.0/24",)
    (installation,) = github.registry.installations.values()
    assert refresh() == {"ranges": 1}
    assert github.requests == [
        "GET /app/installations",
        f"POST /app/installations/{installation.id}/access_tokens",
        "GET /meta",
    ]


def test_app_of_another_github_is_not_asked(
    github: GitHub, meta: MetaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("META_URL", meta.url)
    assert refresh() == {"ranges": 2}
    assert github.requests == []


def test_app_without_an_active_installation_leaves_the_anonymous_request(github: GitHub) -> None:
    for installation in github.registry.installations.values():
        installation.suspended_at = datetime.now(UTC)
    assert refresh() == {"ranges": 2}
    assert github.requests == ["GET /app/installations", "GET /meta"]


@pytest.mark.parametrize("fault", ["secret", "key", "deleted App", "no secret"])
def test_credentials_that_fail_leave_the_anonymous_request(
    github: GitHub, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    match fault:
        case "secret":
            store_apps("damaged")
        case "key":
            secrets = boto3.client("secretsmanager")
            (app,) = json.loads(secrets.get_secret_value(SecretId="apps")["SecretString"])
            store_apps(json.dumps([{**app, "privateKey": "no key"}]))
        case "deleted App":
            github.registry.apps.clear()
        case "no secret":
            boto3.client("secretsmanager").delete_secret(SecretId="apps")
    assert refresh() == {"ranges": 2}
    assert github.requests[-1] == "GET /meta"
    assert "hook ranges not read as an App" in caplog.messages
