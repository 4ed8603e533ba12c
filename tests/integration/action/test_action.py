"""The GitHub action runs as on GitHub's runner, against the real API and an issuer of tokens."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from action.gcsmttr_summary.figures import MEASURES
from ingest.terms import ClosedAs, Severity
from tests.support.graphql_api.deployment import alert, closing, deployed
from tests.support.graphql_api.gateway import served
from tests.support.graphql_api.token_issuer import OWNER_ID, TOKEN, Issuer, issuing
from tests.support.paths import ROOT

ACTION = ROOT / "action"
REPOSITORY = "octo-org/web"


@dataclass(frozen=True)
class Api:
    url: str
    key: str
    issuer: Issuer


@dataclass(frozen=True)
class Job:
    """What a job's only step left behind."""

    status: int
    printed: str
    summary: str
    outputs: Mapping[str, str]


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    """Serve an API that accepts a key, and tokens of an issuer."""
    now = datetime.now(UTC).replace(microsecond=0)
    with pytest.MonkeyPatch.context() as patch, issuing() as issuer, served() as address:
        settings = {
            "OIDC_ISSUER": issuer.url,
            "OIDC_OWNERS": f"{OWNER_ID}=octo-org",
            "OIDC_AUDIENCE": f"{address}/graphql",
        }
        with deployed(patch, **settings) as deployment:
            first, second, third = (
                alert(number, repository=REPOSITORY, severity=severity, created_at=created)
                for number, severity, created in (
                    (1, Severity.CRITICAL, now - timedelta(days=20)),
                    (2, Severity.HIGH, now - timedelta(days=40)),
                    (3, Severity.CRITICAL, now - timedelta(days=12)),
                )
            )
            deployment.record(
                first,
                second,
                third,
                closing(second, now - timedelta(days=30), ClosedAs.FIXED),
                closing(third, now - timedelta(days=10), ClosedAs.FALSE_POSITIVE),
            )
            deployment.roll_up()
            yield Api(f"{address}/graphql", deployment.key, issuer)


def run(api: Api, folder: Path, inputs: Mapping[str, str], *, oidc: bool = False) -> Job:
    """Run the step of the action with inputs, as the runner does."""
    action: dict[str, Any] = yaml.safe_load((ACTION / "action.yml").read_text())
    (step,) = action["runs"]["steps"]
    given = {name: definition.get("default", "") for name, definition in action["inputs"].items()}
    given |= {"url": api.url, "repository": REPOSITORY, "key": "" if oidc else api.key}
    given |= inputs
    environment = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: given[match[1]], value)
        for name, value in step["env"].items()
    }
    summary, outputs = folder / "summary.md", folder / "outputs"
    (folder / "bin").mkdir(exist_ok=True)
    if not (folder / "bin" / "python3").exists():
        (folder / "bin" / "python3").symlink_to(sys.executable)
    token = {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{api.issuer.url}{TOKEN}?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of the runner",
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=ACTION,
        env={
            "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_OUTPUT": str(outputs),
            "PYTHONDONTWRITEBYTECODE": "1",
            **(token if oidc else {}),
            **environment,
        },
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return Job(
        done.returncode,
        done.stdout,
        summary.read_text() if summary.exists() else "",
        parsed(outputs.read_text()) if outputs.exists() else {},
    )


def parsed(text: str) -> dict[str, str]:
    """Return the outputs in a file, in both forms of the runner."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, mark, value = re.fullmatch(r"([\w-]+)(=|<<)(.*)", line).groups()  # type: ignore[union-attr]
        if mark == "<<":
            end = value
            value = "\n".join(iter(lines.__next__, end))
        found[name] = value
    return found


def test_summary_and_outputs_of_a_repository(api: Api, tmp_path: Path) -> None:
    job = run(api, tmp_path, {})
    assert (job.status, job.printed) == (0, "")
    assert job.outputs == {
        "open": "1", "overdue": "1", "due-soon": "0", "opened": "3", "closed": "2", "net": "1",
        "mean": "6.0", "median": job.outputs["median"], "p90": job.outputs["p90"],
        "compliance": "0.6667", "failures": "",
    }  # fmt: skip
    assert 2 <= float(job.outputs["median"]) < float(job.outputs["p90"]) <= 10
    lines = job.summary.splitlines()
    assert lines[0] == "## Code scanning: octo-org/web, last 90 days"
    assert lines[2].startswith("| Severity | Target | Open | Overdue | Due in 7 days |")
    assert lines[4] == "| Critical | 7 d | 1 | 1 | 0 | 2 | 1 | 2.0 d | 2.0 d | 50 % |"
    assert lines[5] == "| High | 30 d | 0 | 0 | 0 | 1 | 1 | 10.0 d | 10.0 d | 100 % |"
    assert lines[6].startswith("| **All** |  | 1 | 1 | 0 | 3 | 2 | ")
    assert "```mermaid\nxychart-beta\n" in job.summary


def test_every_output_is_written(api: Api, tmp_path: Path) -> None:
    action = yaml.safe_load((ACTION / "action.yml").read_text())
    assert run(api, tmp_path, {}).outputs.keys() == action["outputs"].keys()
    for name, output in action["outputs"].items():
        assert output["value"] == f"${{{{ steps.summary.outputs.{name} }}}}"


def test_job_fails_if_a_condition_is_met(api: Api, tmp_path: Path) -> None:
    conditions = "compliance < 90%\n overdue of CRITICAL > 0\n\nmedian > 100\np90 of low > 1"
    job = run(api, tmp_path, {"fail-when": conditions})
    assert job.status == 1
    assert job.printed.splitlines() == [
        "::error::Failed: `compliance < 90%25`; compliance is 66.7 %25",
        "::error::Failed: `overdue of CRITICAL > 0`; overdue of CRITICAL is 1",
    ]
    assert job.outputs["failures"].count("\n") == 1
    assert "- Passed: `median > 100`; median is " in job.summary
    assert "- Not checked: `p90 of low > 1`, since there is no value" in job.summary


def test_job_queries_with_its_own_token(api: Api, tmp_path: Path) -> None:
    job = run(
        api, tmp_path, {"organisation": "octo-org", "severities": "high, critical"}, oidc=True
    )
    assert job.status == 0
    assert re.fullmatch(r"::add-mask::[\w.-]+\n", job.printed)
    assert job.summary.startswith("## Code scanning: octo-org, last 90 days\n")
    assert job.outputs["opened"] == "3"


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"url": "http://api.example/graphql"}, "url = 'http://api.example/graphql': must be"),
        ({"url": ""}, "url = '': must be the https address"),
        ({"days": "0"}, "days = '0': must be a whole number, 1 to 366"),
        ({"days": "many"}, "days = 'many': must be"),
        ({"repository": "web"}, "repository = 'web': must be owner/name"),
        ({"team": "payments"}, "team: set organisation, too"),
        ({"severities": "SEVERE"}, "severities: 'SEVERE' is not one of CRITICAL, HIGH"),
        ({"fail-when": "overdue"}, "fail-when: 'overdue' is not a condition such as"),
        ({"fail-when": "age > 3"}, "fail-when: 'age' is not one of open, overdue"),
        ({"fail-when": "open of ALL > 3"}, "fail-when: 'ALL' is not one of CRITICAL"),
        ({"fail-when": "compliance < 90"}, "fail-when: 'compliance < 90': compliance is 0 to 1"),
        ({"fail-when": "open > 3%"}, "fail-when: 'open > 3%25': only compliance"),
        ({"key": "wrong"}, "The query failed: "),
        ({"key": ""}, "Set the input key, or give the job the permission id-token: write"),
        ({"repository": "octo-org/unknown"}, "No event ever arrived for octo-org/unknown"),
        ({"organisation": "octo-org", "team": "x"}, "The query failed: "),
        ({"url": "http://127.0.0.1:9/graphql"}, "127.0.0.1:9 cannot be reached: "),
    ],
)
def test_job_fails_with_the_reason(
    api: Api, tmp_path: Path, inputs: dict[str, str], message: str
) -> None:
    job = run(api, tmp_path, inputs)
    assert job.status == 2
    (line,) = job.printed.splitlines()
    assert line.startswith(f"::error::{message}")
    assert job.summary == ""


def test_a_key_is_not_sent_to_the_target_of_a_redirect(api: Api, tmp_path: Path) -> None:
    api.issuer.replies["/moved"] = (302, b"")
    api.issuer.fetched.clear()
    job = run(api, tmp_path, {"url": f"{api.issuer.url}/moved"})
    assert job.status == 2
    assert "responds with status " in job.printed
    assert not any("jwks" in path for path in api.issuer.fetched)


def test_the_action_needs_only_python_3_10_and_its_standard_library() -> None:
    for file in (ACTION / "gcsmttr_summary").glob("*.py"):
        tree = ast.parse(file.read_text(), feature_version=(3, 10))
        for node in ast.walk(tree):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_the_page_names_every_input_and_measure() -> None:
    action = yaml.safe_load((ACTION / "action.yml").read_text())
    page = (ACTION / "README.md").read_text()
    for name in (*action["inputs"], *MEASURES, "failures"):
        assert f"`{name}`" in page, name
