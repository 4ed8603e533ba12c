"""Tables of results as text, and the command line of the benchmark."""

import json
from pathlib import Path

import pytest

from bench import __main__ as command
from bench.report import Table
from bench.rollup import part as rollup_part

TABLE = Table(
    title="Costs",
    note="Per alert.",
    rows=[{"level": "repository", "WCU": 2.2, "n": 1_000}, {"level": "all", "WCU": 1234.5, "n": 1}],
)


def test_table_aligns_text_left_and_numbers_right() -> None:
    assert str(TABLE) == (
        "Costs\nPer alert.\n\n"
        "level         WCU      n\n"
        "----------  -----  -----\n"
        "repository   2.20  1,000\n"
        "all         1,234      1"
    )


def test_command_prints_named_parts_and_writes_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    result = tmp_path / ".run" / "bench.json"
    monkeypatch.setattr(command, "RESULT", result)
    monkeypatch.setattr(rollup_part, "measure", lambda: [TABLE])
    assert command.main(["rollup"]) == 0
    assert str(TABLE) in capsys.readouterr().out
    (table,) = json.loads(result.read_text())["parts"]["rollup"]
    assert table["rows"][0] == {"level": "repository", "WCU": 2.2, "n": 1_000}


def test_command_rejects_unknown_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["nonsense"]) == 2
    assert "The parts are rollup, query, large." in capsys.readouterr().err
