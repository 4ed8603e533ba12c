"""The examples, run like their users run them, against the deployed stack."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from tests.support.sample_webhooks import payload
from tests.support.workshop import Workshop, run

pytestmark = pytest.mark.e2e

Done = subprocess.CompletedProcess[str]
NUMBER_OF_ALERTS = 5
NO_VALID_KEY = "Send a valid API key in the header x-api-key."


def deliveries(owner: str, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield payloads of a repository with an old critical alert and of one without."""
    today = datetime.combine(now, time.min, UTC)
    monday = today - timedelta(days=today.weekday() + 7)
    busy, tidy, old = f"{owner}/busy", f"{owner}/tidy", today - timedelta(days=40)

    def fixed(repository: str, number: int, created: datetime, days: int) -> dict[str, Any]:
        closed = (created + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        times = {"fixed_at": closed, "updated_at": closed, "state": "fixed"}
        return payload("fixed", repository, number, created, **times)

    yield payload("created", busy, 5, today - timedelta(days=20))  # severity critical
    yield payload("created", busy, 2, monday)
    yield payload("created", tidy, 1, old)  # severity high
    yield payload("created", tidy, 6, old)
    yield payload("created", tidy, 11, today)
    yield fixed(busy, 2, monday, days=2)
    yield fixed(tidy, 1, old, days=3)
    yield fixed(tidy, 6, old, days=3)


@pytest.fixture(scope="module")
def owner(deployment: Deployment) -> str:
    """An organisation whose alerts are all counted in the overviews."""
    name = f"team-{uuid4().hex[:8]}"
    url, key = deployment.url("WebhookUrl"), deployment.api_key
    for one in deliveries(name, datetime.now(UTC)):
        assert client.deliver(url, secret=deployment.webhook_secret, payload=one).status_code == 202
    query = f"""{{ organisation(name: "{name}") {{
      metrics(from: "now-99d", interval: TOTAL) {{ opened fixed }} }} }}"""

    def settled() -> bool:
        data = client.query_data(deployment.url("GraphqlUrl"), key=key, query=query)
        expected = {"opened": NUMBER_OF_ALERTS, "fixed": 3}
        return bool(data["organisation"]["metrics"] == [expected])

    client.wait_until(settled, seconds=60, what="the overviews to contain the alerts")
    return name


@pytest.fixture(scope="module")
def quiet(deployment: Deployment) -> str:
    """An organisation without closed alerts."""
    name = f"quiet-{uuid4().hex[:8]}"
    url, key = deployment.url("WebhookUrl"), deployment.api_key
    created = payload("created", f"{name}/app", 4, datetime.now(UTC) - timedelta(days=20))
    response = client.deliver(url, secret=deployment.webhook_secret, payload=created)
    assert response.status_code == 202
    query = f"""{{ organisation(name: "{name}") {{ lastEventAt }} }}"""
    graphql = deployment.url("GraphqlUrl")
    client.wait_until(
        lambda: bool(
            client.query_data(graphql, key=key, query=query)["organisation"]["lastEventAt"]
        ),
        seconds=60,
        what="the overviews to contain the alert",
    )
    return name


@pytest.fixture
def environment(deployment: Deployment) -> dict[str, str]:
    """The environment variables that every example reads."""
    return {"GCSMTTR_URL": deployment.url("GraphqlUrl"), "GCSMTTR_KEY": deployment.api_key}


def badge(repository: str, environment: dict[str, str]) -> Done:
    return run("examples/curl/badge.sh", repository, environment=environment)


def service_levels(repository: str, environment: dict[str, str]) -> Done:
    script = "examples/python/service_levels.py"
    return run(sys.executable, "-W", "error", script, repository, environment=environment)


def export(organisation: str, environment: dict[str, str]) -> Done:
    script = "examples/python/export_alerts.py"
    return run(sys.executable, "-W", "error", script, organisation, environment=environment)


def test_badge_prints_one_number(owner: str, environment: dict[str, str]) -> None:
    done = badge(f"{owner}/tidy", environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert float(done.stdout) == pytest.approx(3.0, rel=0.05)


def test_badge_prints_none_when_nothing_was_closed(quiet: str, environment: dict[str, str]) -> None:
    done = badge(f"{quiet}/app", environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "none\n", "")


def test_badge_fails_for_repository_without_events(owner: str, environment: dict[str, str]) -> None:
    done = badge(f"{owner}/tydi", environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"no event ever arrived for {owner}/tydi" in done.stderr


def test_badge_fails_with_reason_of_error(owner: str, environment: dict[str, str]) -> None:
    refused = badge(f"{owner}/tidy", {**environment, "GCSMTTR_KEY": "wrong"})
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "unauthorized" in refused.stderr
    assert badge('a"b/c', environment).returncode == 2


def test_service_levels_exit_with_1_while_broken(owner: str, environment: dict[str, str]) -> None:
    broken = service_levels(f"{owner}/busy", environment)
    assert broken.returncode == 1, broken.stderr
    assert "CRITICAL: 1 open, 1 overdue, 0 due in 3 days\n" in broken.stdout
    assert "CRITICAL: 0 of 1 closed within 7 days\n" in broken.stdout
    kept = service_levels(f"{owner}/tidy", environment)
    assert kept.returncode == 0, kept.stderr
    assert "HIGH: 1 open, 0 overdue, 0 due in 3 days\n" in kept.stdout
    assert "HIGH: 2 of 2 closed within 30 days\n" in kept.stdout


def test_service_levels_exit_with_2_when_unknown(owner: str, environment: dict[str, str]) -> None:
    unknown = service_levels(f"{owner}/tydi", environment)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    refused = service_levels(f"{owner}/tidy", {**environment, "GCSMTTR_KEY": "wrong"})
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == f"The request failed: {NO_VALID_KEY}\n"
    nobody = {**environment, "GCSMTTR_URL": "http://127.0.0.1:9/graphql"}
    assert service_levels(f"{owner}/tidy", nobody).returncode == 2


def test_export_contains_every_alert_at_any_page_size(
    owner: str, environment: dict[str, str], tmp_path: Path
) -> None:
    workshop = Workshop.copied_to(tmp_path)
    query = workshop.folder / "queries" / "09-export.graphql"
    query.write_text(query.read_text().replace("limit: 1000", "limit: 2"))
    command = (sys.executable, "-W", "error", "export_alerts.py", owner)
    in_pages = workshop.run(*command, within="python", environment=environment)
    assert export(owner, environment).stdout == in_pages
    rows = list(csv.DictReader(io.StringIO(in_pages)))
    assert sorted(row["id"] for row in rows) == [
        f"{owner}/{name}" for name in ("busy/2", "busy/5", "tidy/1", "tidy/11", "tidy/6")
    ]
    by_id = {row["id"]: row for row in rows}
    assert by_id[f"{owner}/busy/2"]["timeToRemediate"] == "48.0"
    assert by_id[f"{owner}/busy/5"]["closedAs"] == ""
    assert by_id[f"{owner}/busy/5"]["repositoryName"] == f"{owner}/busy"


def test_export_fails_for_organisation_without_events(
    owner: str, environment: dict[str, str]
) -> None:
    unknown = export(f"{owner}-2", environment)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert f"No event ever arrived for {owner}-2" in unknown.stderr
    refused = export(owner, {**environment, "GCSMTTR_KEY": "wrong"})
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"The request failed: {NO_VALID_KEY}\n"


@pytest.fixture(scope="module")
def digests(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The compiled TypeScript example."""
    workshop = Workshop.copied_to(tmp_path_factory.mktemp("digests"))
    workshop.build_typescript()
    return workshop


def digest(workshop: Workshop, organisation: str, environment: dict[str, str]) -> Done:
    command = ("npm", "run", "--silent", "digest", "--", organisation)
    return run(*command, folder=workshop.folder / "typescript", environment=environment)


def test_digest_prints_last_week(
    owner: str, environment: dict[str, str], digests: Workshop
) -> None:
    done = digest(digests, owner, environment)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{owner}, last week: 1 opened, 1 closed (1 fixed), 0 reopened")
    assert "CRITICAL: 1 open for 20." in "\n".join(lines)
    assert "Half of the closed alerts took up to 2.0 days." in lines


def test_digest_of_week_without_closings_reports_none(
    quiet: str, environment: dict[str, str], digests: Workshop
) -> None:
    done = digest(digests, quiet, environment)
    assert done.returncode == 0, done.stderr
    first, second, backlog, *_ = done.stdout.splitlines()
    assert first.endswith("0 opened, 0 closed (0 fixed), 0 reopened, 1 open at the end")
    assert second == "No alert was closed."
    assert backlog.startswith("WARNING: 1 open for 20.0 days on average")
    assert "null" not in done.stdout


def test_digest_fails_for_organisation_without_events(
    owner: str, environment: dict[str, str], digests: Workshop
) -> None:
    unknown = digest(digests, f"{owner}-2", environment)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert unknown.stderr == f"No event ever arrived for {owner}-2: check the name.\n"
    refused = digest(digests, owner, {**environment, "GCSMTTR_KEY": "wrong"})
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"The request failed: {NO_VALID_KEY}\n"
