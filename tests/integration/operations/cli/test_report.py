"""`gcsmttr report` in its four forms, from the real API."""

import csv
import io
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.deployment import GCSMTTR
from ingest.terms import ClosedAs, Severity
from tests.support.graphql_api.deployment import alert, closing, deployed
from tests.support.graphql_api.gateway import served
from tests.support.paths import ROOT

NAME = "octo-org/web"


@pytest.fixture(scope="module")
def api() -> Iterator[dict[str, str]]:
    """Serve the API, and yield the variables of the command."""
    now = datetime.now(UTC).replace(microsecond=0)
    first, second, third = (
        alert(
            number,
            repository=NAME,
            severity=severity,
            created_at=now - timedelta(days=days),
            rule="<b>|x",
        )
        for number, severity, days in (
            (1, Severity.CRITICAL, 20),
            (2, Severity.HIGH, 40),
            (3, Severity.CRITICAL, 12),
        )
    )
    with (
        pytest.MonkeyPatch.context() as patch,
        served() as address,
        deployed(patch, TEAM="property:team") as deployment,
    ):
        deployment.record(
            first,
            second,
            third,
            alert(1, repository="octo-org/app", severity=Severity.LOW, created_at=now),
            closing(second, now - timedelta(days=30), ClosedAs.FIXED),
            closing(third, now - timedelta(days=10), ClosedAs.FALSE_POSITIVE),
        )
        deployment.roll_up()
        yield {"GCSMTTR_URL": f"{address}/graphql", "GCSMTTR_KEY": deployment.key}


def report(api: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [GCSMTTR, "report", *options],
        env={"PYTHONPATH": str(ROOT), **{name: value for name, value in api.items() if value}},
        capture_output=True,
        text=True,
        check=False,
    )


def written(api: dict[str, str], *options: str) -> str:
    done = report(api, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_markdown_has_the_figures_and_a_table_by_severity(api: dict[str, str]) -> None:
    lines = written(api, "--repository", NAME, "--days", "60").splitlines()
    assert lines[0] == "# Code scanning: octo-org/web"
    assert "- **Open**: 1" in lines
    assert "- **Closed in time**: 66.7 %" in lines
    assert "| Critical | 7 d | 1 | 1 | 0 | 2 | 1 | 2.0 d | 2.0 d | 50 % |" in lines
    assert "| High | 30 d | 0 | 0 | 0 | 1 | 1 | 10.0 d | 10.0 d | 100 % |" in lines
    (overdue,) = (line for line in lines if "octo-org/web/1" in line)
    assert overdue.startswith("| [octo-org/web/1](https://")


def test_html_has_charts_and_no_other_files_or_scripts(api: dict[str, str]) -> None:
    page = written(api, "--organisation", "octo-org", "--format", "html")
    assert page.startswith("<!doctype html>")
    assert page.count("<svg") == 2
    assert "<script" not in page
    assert " src=" not in page
    assert "<link" not in page
    assert "octo-org/web" in page


def test_html_and_markdown_show_text_as_it_is(api: dict[str, str]) -> None:
    options = ("--organisation", "octo-org")
    assert "<b>" not in written(api, *options, "--format", "html")
    assert "\\<b\\>\\|x" in written(api, *options)


def test_csv_has_a_row_for_each_severity_and_one_for_all(api: dict[str, str]) -> None:
    text = written(api, "--repository", NAME, "--format", "csv")
    rows = {row["severity"]: row for row in csv.DictReader(io.StringIO(text))}
    assert list(rows) == ["CRITICAL", "HIGH", "ALL"]
    assert (rows["CRITICAL"]["overdue"], rows["CRITICAL"]["target_days"]) == ("1", "7")
    assert (rows["ALL"]["mean"], rows["ALL"]["compliance"]) == ("6.0", "0.6667")


@pytest.mark.parametrize("how", [("--format", "json"), ("--json",)])
def test_json_has_everything(api: dict[str, str], how: tuple[str, ...]) -> None:
    found: dict[str, Any] = json.loads(written(api, "--organisation", "octo-org", *how))
    assert found["subject"] == "octo-org"
    assert found["total"]["open"] == 2
    assert [row["name"] for row in found["repositories"]] == ["octo-org/web", "octo-org/app"]
    assert [alert["id"] for alert in found["overdueAlerts"]] == ["octo-org/web/1"]
    assert sum(week["opened"] for week in found["weeks"]) == found["total"]["opened"] == 4


def test_severities_limit_all_figures(api: dict[str, str]) -> None:
    options = ("--repository", NAME, "--severity", "high", "--format", "json")
    found = json.loads(written(api, *options))
    assert found["subject"] == "octo-org/web, HIGH only"
    assert (found["total"]["opened"], found["total"]["open"]) == (1, 0)
    assert found["overdueAlerts"] == []


def test_report_is_written_to_a_file(api: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "week.md"
    assert written(api, "--repository", NAME, "--output", str(file)) == ""
    assert file.read_text().startswith("# Code scanning")


def test_warnings_of_the_api_are_shown(api: dict[str, str]) -> None:
    text = written(api, "--organisation", "octo-org", "--team", "nobody")
    assert "> " in text


@pytest.mark.parametrize(
    ("options", "changed", "status", "message"),
    [
        ((), {}, 2, "exactly one of --organisation and --repository"),
        (("--repository", NAME, "--team", "x"), {}, 2, "--team needs --organisation"),
        (("--repository", NAME), {"GCSMTTR_KEY": ""}, 2, "Set GCSMTTR_KEY to an API key"),
        (("--repository", NAME), {"GCSMTTR_URL": ""}, 2, "Name the stack"),
        (("--repository", NAME), {"GCSMTTR_KEY": "wrong"}, 5, "The API refused the query"),
        (("--repository", "octo-org/none"), {}, 5, "No event ever arrived for octo-org/none"),
        (
            ("--repository", NAME),
            {"GCSMTTR_URL": "http://127.0.0.1:9/graphql"},
            5,
            "The API at http://127.0.0.1:9/graphql cannot be reached",
        ),
    ],
)
def test_a_failure_has_a_reason(
    api: dict[str, str],
    options: tuple[str, ...],
    changed: dict[str, str],
    status: int,
    message: str,
) -> None:
    done = report({**api, **changed}, *options)
    assert done.returncode == status, done.stderr
    assert message in done.stderr
    assert done.stdout == ""
