"""A table of results reads well, and the command line runs the parts that it is told."""

import json
from pathlib import Path

import pytest

from bench import __main__ as command
from bench.rollup import part as rollup_part
from bench.table import Table

TABLE = Table(
    title="Costs",
    note="Per alert.",
    rows=[{"level": "repository", "WCU": 2.2, "n": 1_000}, {"level": "all", "WCU": 1234.5, "n": 1}],
)


def test_words_stand_to_the_left_and_numbers_to_the_right() -> None:
    assert str(TABLE) == (
        "Costs\nPer alert.\n\n"
        "level         WCU      n\n"
        "----------  -----  -----\n"
        "repository   2.20  1,000\n"
        "all         1,234      1"
    )


def test_the_parts_named_are_printed_and_written_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    result = tmp_path / ".run" / "bench.json"
    monkeypatch.setattr(command, "RESULT", result)
    monkeypatch.setattr(rollup_part, "measure", lambda: [TABLE])
    assert command.main(["rollup"]) == 0
    assert str(TABLE) in capsys.readouterr().out
    (table,) = json.loads(result.read_text())["parts"]["rollup"]
    assert table["rows"][0] == {"level": "repository", "WCU": 2.2, "n": 1_000}


def test_a_part_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["nonsense"]) == 2
    assert "rollup" in capsys.readouterr().err
