"""The workflow in examples/github-actions: its script runs as GitHub's runner runs it."""

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.support.graphql_api.deployment import alert, deployed
from tests.support.graphql_api.gateway import served
from tests.support.graphql_api.token_issuer import OWNER_ID, TOKEN, Issuer, issuing
from tests.support.paths import ROOT

WORKFLOW = ROOT / "examples" / "github-actions" / "service-levels.yml"


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text())
    return loaded


@pytest.fixture(scope="module")
def github() -> Iterator[Issuer]:
    with issuing() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def url(github: Issuer) -> Iterator[str]:
    """Serve an API that accepts the tokens of the issuer, and yield its address."""
    settings = {
        "OIDC_ISSUER": github.url,
        "OIDC_OWNERS": f"{OWNER_ID}=octo-org",
        "OIDC_AUDIENCE": "",
    }
    with pytest.MonkeyPatch.context() as patch, served() as address:
        settings["OIDC_AUDIENCE"] = f"{address}/graphql"
        now = datetime.now(UTC).replace(microsecond=0)
        with deployed(patch, **settings) as deployment:
            deployment.record(
                alert(1, repository="octo-org/web", created_at=datetime(2026, 1, 5, 9, tzinfo=UTC)),
                alert(2, repository="octo-org/tidy", created_at=now),
            )
            deployment.roll_up()
            yield f"{address}/graphql"


def run(
    workflow: dict[str, Any], github: Issuer, folder: Path, *, repository: str, url: str
) -> subprocess.CompletedProcess[str]:
    """Run the only step in a job of a repository."""
    (job,) = workflow["jobs"].values()
    (step,) = job["steps"]
    assert step["env"] == {"GCSMTTR_URL": "${{ vars.GCSMTTR_URL }}"}
    summary = folder / "summary.md"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env={
            "PATH": "/usr/bin:/bin",
            "GCSMTTR_URL": url,
            "GITHUB_REPOSITORY": repository,
            "GITHUB_STEP_SUMMARY": str(summary),
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{github.url}{TOKEN}?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of the runner",
        },
        check=False,
        capture_output=True,
        text=True,
    )


def test_job_fails_while_alerts_are_overdue(
    workflow: dict[str, Any], github: Issuer, url: str, tmp_path: Path
) -> None:
    done = run(workflow, github, tmp_path, repository="octo-org/web", url=url)
    assert (done.returncode, done.stderr) == (1, "")
    mask, counts, error = done.stdout.splitlines()
    assert re.fullmatch(r"::add-mask::[\w.-]+", mask)
    assert counts == "1 open alerts, 1 overdue, 0 due within 7 days"
    assert error == "::error::1 alerts are overdue"
    assert (tmp_path / "summary.md").read_text() == f"{counts}\n"


def test_job_succeeds_if_no_alert_is_overdue(
    workflow: dict[str, Any], github: Issuer, url: str, tmp_path: Path
) -> None:
    done = run(workflow, github, tmp_path, repository="octo-org/tidy", url=url)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("1 open alerts, 0 overdue, 0 due within 7 days\n")


def test_job_fails_for_repository_without_events(
    workflow: dict[str, Any], github: Issuer, url: str, tmp_path: Path
) -> None:
    done = run(workflow, github, tmp_path, repository="octo-org/unknown", url=url)
    assert done.returncode == 1
    assert "::error::No event ever arrived for octo-org/unknown" in done.stdout


def test_job_fails_with_the_reason_of_an_error(
    workflow: dict[str, Any], github: Issuer, url: str, tmp_path: Path
) -> None:
    other = url.replace("127.0.0.1", "localhost")
    done = run(workflow, github, tmp_path, repository="octo-org/web", url=other)
    assert done.returncode == 1
    assert '::error::The query failed: {"errors"' in done.stdout
    assert '"unauthorized"' in done.stdout


def test_job_fails_without_a_token(
    workflow: dict[str, Any],
    github: Issuer,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(github.replies, TOKEN, (403, b"{}"))
    done = run(workflow, github, tmp_path, repository="octo-org/web", url=url)
    assert done.returncode != 0
    assert "403" in done.stderr


def test_workflow_has_only_the_permission_for_its_token(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"id-token": "write"}
    for job in workflow["jobs"].values():
        assert "permissions" not in job
