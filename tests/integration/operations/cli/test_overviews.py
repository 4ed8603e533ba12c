"""`gcsmttr verify` and `repair`: what they select, print and end with."""

from typing import Any

import pytest

from ingest.terms import Action
from operations.cli.exit_status import ExitStatus
from operations.overviews import audit
from operations.overviews.audit import Findings
from operations.overviews.runner import AuditRunner, Result
from rollup.queues import forwarding
from rollup.rows import overview_row
from rollup.rows.overview_row import REPOSITORY
from rollup.rows.row_key import RowKey
from tests.integration.operations.cli.conftest import Terminal
from tests.support.rollup_stack import Stack
from tests.unit.rollup.builders import event

JANUARY = "MONTH#2026-01"


@pytest.fixture(autouse=True)
def _damaged(rows: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two counted alerts, and a row that shows another number of them."""
    monkeypatch.setattr(audit, "_LATE_S", 0)
    monkeypatch.setattr(audit, "_SETTLE_S", 0)
    for number in (1, 2):
        rows.recorder.record(event("octo/cat", number, Action.CREATED, created=number))
    images = [{"dynamodb": {"NewImage": item}} for item in rows.items("events")]
    rows.apply_alerts(forwarding.alert_messages(images))
    rows.apply_rows()
    rows.client.update_item(
        TableName=rows.names["repository"],
        Key=overview_row.key(REPOSITORY, RowKey("octo/cat", JANUARY)),
        UpdateExpression="SET openAlerts = :n",
        ExpressionAttributeValues={":n": {"N": "77"}},
    )


DIFFERENCE = f"repository octo/cat {JANUARY}: openAlerts expected 2, found 77"
ENTRY = f"ledger rows#octo/cat {JANUARY}: expected revision 2, found 1"
"""The organisation counts the repaired row too."""


def test_verify_prints_differences_and_repair_repairs_them(terminal: Terminal) -> None:
    verified = terminal.mine("verify", "--all")
    assert verified.exit_code == ExitStatus.FOUND
    assert verified.stdout.splitlines() == [
        DIFFERENCE,
        "Different: 1 row and 0 ledger entries. Repair them with: gcsmttr repair",
    ]
    repaired = terminal.mine("repair", "--repository", "Octo/Cat")
    assert repaired.exit_code == ExitStatus.OK
    assert repaired.stdout.splitlines() == [
        DIFFERENCE,
        ENTRY,
        "Repaired: 1 row and 1 ledger entry.",
    ]
    correct = terminal.mine("verify", "--organisation", "octo")
    assert correct.exit_code == ExitStatus.OK
    assert correct.stdout == "All rows are correct. Compared: 2 repositories and organisations.\n"


def test_json_has_the_same_lines(terminal: Terminal) -> None:
    correct: dict[str, Any] = {"compared": 2, "rows": [], "ledgerEntries": [], "tooBusy": []}
    different = correct | {"rows": [DIFFERENCE]}
    assert terminal.document("verify", "--all") == different
    assert terminal.document("repair", "--all") == different | {"ledgerEntries": [ENTRY]}
    assert terminal.document("verify", "--all") == correct


@pytest.mark.parametrize("command", ["verify", "repair"])
def test_rows_that_change_all_the_time_have_their_own_status(
    terminal: Terminal, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any) -> list[Result]:
        return [Result("octo", Findings(), contention="contention")]

    monkeypatch.setattr(AuditRunner, "check", busy)
    monkeypatch.setattr(AuditRunner, "repair", busy)
    ended = terminal.mine(command, "--all")
    assert ended.exit_code == ExitStatus.BUSY
    assert ended.stdout.splitlines()[0] == "too busy: octo (contention)"
    assert "Run the command again" in ended.stderr


@pytest.mark.parametrize(
    "selection",
    [
        (),
        ("--all", "--organisation", "octo"),
        ("--repository", "octo/cat", "--organisation", "octo"),
        ("--repository", "octo"),
        ("--organisation", "octo/cat"),
    ],
)
def test_selection_must_be_one_valid_part(terminal: Terminal, selection: tuple[str, ...]) -> None:
    ended = terminal.run("verify", *selection, "--stack", "Unknown")
    assert ended.exit_code == ExitStatus.USAGE
    assert "gcsmttr verify --help" in ended.stderr
