"""Types generated from the schema and the example queries pass strict compilers."""

import sys
from pathlib import Path

from tests.support.workshop import CODEGEN, Workshop, run

SINCE = """query Since($day: Day!) {
  organisation(name: "octo") { metrics(from: $day) { periodStart } }
}
"""
USE_IN_PYTHON = """
from datetime import datetime
from gcsmttr_client import GcsmttrClient
from gcsmttr_client.enums import ClosedAs

def last_event(client: GcsmttrClient) -> datetime | None:
    return client.digest("octo").organisation.last_event_at

def starts(client: GcsmttrClient, day: str) -> list[datetime]:
    return [row.period_start for row in client.since(day).organisation.metrics]

def ways(client: GcsmttrClient) -> list[ClosedAs | None]:
    return [alert.closed_as for alert in client.digest("octo").organisation.fixed.data]
"""
USE_IN_TYPESCRIPT = """
import type { DigestQuery, SinceQuery, SinceQueryVariables } from "./generated/operations.js";

export const lastEvent = (found: DigestQuery): string | null => found.organisation.lastEventAt;
export const since: SinceQueryVariables = { day: "now-30d" };
export const starts = (found: SinceQuery): string[] =>
  found.organisation.metrics.map((row) => row.periodStart);
"""
MISUSE_IN_TYPESCRIPT = """
import type { DigestQuery, SinceQueryVariables } from "./generated/operations.js";

export const lastEvent = (found: DigestQuery): string => found.organisation.lastEventAt;
export const since: SinceQueryVariables = { day: 20261123 };
"""


def copied_with_a_day(folder: Path) -> Workshop:
    """Copy the examples and add a query with a Day as a variable; no example has one."""
    workshop = Workshop.copied_to(folder)
    (workshop.folder / "queries" / "99-since.graphql").write_text(SINCE)
    return workshop


def mypy(workshop: Workshop) -> tuple[str, ...]:
    """Return the command that checks the generated package and its use in strict mode."""
    cache = str(workshop.folder / ".mypy_cache")
    return (
        *(sys.executable, "-m", "mypy", "--strict", "--cache-dir", cache),
        *("--python-executable", str(CODEGEN / "python"), "gcsmttr_client", "use.py"),
    )


def test_generated_python_client_passes_strict_mypy(tmp_path: Path) -> None:
    workshop = copied_with_a_day(tmp_path)
    package = workshop.generate_python()
    methods = (package / "client.py").read_text()
    for query in (workshop.folder / "queries").glob("*.graphql"):
        name = query.stem[3:].replace("-", "_")
        assert f"def {name}(" in methods
    (package.parent / "use.py").write_text(USE_IN_PYTHON)
    workshop.run(*mypy(workshop), within="python")


def test_generated_python_client_returns_datetimes_and_enums(tmp_path: Path) -> None:
    workshop = Workshop.copied_to(tmp_path)
    workshop.generate_python()
    script = """
import json, httpx
from gcsmttr_client import GcsmttrClient
answer = {"getAlert": {
    "id": "o/r/22",
    "alertID": 22, "organisationName": "o", "repositoryName": "o/r", "alertURL": "https://x",
    "state": "CLOSED", "severity": "HIGH", "createdAt": "2026-11-01T09:00:00.000Z",
    "closedAt": "2026-11-03T09:00:00.000Z", "closedAs": "FIXED", "timeToRemediate": 2.0}}
transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": answer}))
client = GcsmttrClient(url="http://x", http_client=httpx.Client(transport=transport))
alert = client.one_alert("o/r/22").get_alert
print((alert.closed_at - alert.created_at).days, alert.closed_as.value)
"""
    printed = workshop.run(str(CODEGEN / "python"), "-c", script, within="python")
    assert printed == "2 FIXED\n"


def test_generated_typescript_types_pass_strict_tsc(tmp_path: Path) -> None:
    workshop = copied_with_a_day(tmp_path)
    typescript = workshop.folder / "typescript"
    (typescript / "use.ts").write_text(USE_IN_TYPESCRIPT)
    assert (workshop.build_typescript() / "use.js").exists()
    types = (typescript / "generated" / "operations.ts").read_text()
    assert types.count("export type Severity =") == 1
    assert ": any" not in types
    (typescript / "use.ts").write_text(MISUSE_IN_TYPESCRIPT)
    complaints = run("npm", "run", "--silent", "build", folder=typescript).stdout
    assert "use.ts(4," in complaints, "null is not a string"
    assert "use.ts(5," in complaints, "a number is not a Day"
