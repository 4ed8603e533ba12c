"""Headlines: what a row amounts to over severity, branch and tool, added up without unpacking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.terms import Branch, Severity
from rollup.metrics.counts import CLOSED_OUTCOMES, Cell, CellKey, Counts, Outcome
from rollup.rows.counts_codec import UnknownLayoutError
from rollup.rows.headline import add, cells_of, pack
from tests.unit.rollup.test_counts import COUNTS

TIMED = CLOSED_OUTCOMES | {Outcome.OPEN}


def pooled(counts: Counts) -> dict[Outcome, Cell]:
    """Return the cells by outcome, without durations, of those that count anything."""
    found = {
        outcome: Cell(
            counts.count({outcome}), counts.total_ms({outcome}) if outcome in TIMED else 0
        )
        for outcome in Outcome
    }
    return {outcome: cell for outcome, cell in found.items() if cell}


def one(outcome: Outcome, cell: Cell) -> Counts:
    return Counts({CellKey(Severity.HIGH, Branch.DEFAULT, "CodeQL", outcome): cell})


@given(st.lists(COUNTS, max_size=4).map(lambda many: [small(counts) for counts in many]))
def test_the_sum_of_headlines_is_the_headline_of_the_sum(many: list[Counts]) -> None:
    total = 0
    for counts in many:
        total = add(total, pack(counts))
    assert cells_of(total) == pooled(Counts.total(many))
    assert total == add(0, pack(Counts.total(many)))


def small(counts: Counts) -> Counts:
    """Return counts of at most 100 million alerts a cell."""
    return Counts({key: Cell(cell.count % 10**8 - 10**4, cell.total_ms) for key, cell in counts})


@given(st.sampled_from(Outcome), st.integers(1, 10**11), st.integers(0, 10**20))
def test_no_field_reaches_into_another(outcome: Outcome, number: int, total_ms: int) -> None:
    counts = one(outcome, Cell(number, total_ms if outcome in TIMED else 0))
    assert cells_of(add(0, pack(counts))) == pooled(counts)
    assert cells_of(add(add(0, pack(counts)), pack(-counts))) == {}


def test_the_layout_is_what_is_documented() -> None:
    assert next(iter(Outcome)) is Outcome.OPENED
    assert pack(Counts()) == bytes.fromhex("01 00")
    assert pack(one(Outcome.OPENED, Cell(3))) == bytes.fromhex("01 03")
    assert pack(one(Outcome.OPENED, Cell(200))) == bytes.fromhex("01 c800")
    at = list(Outcome).index(Outcome.OPEN) * 5
    assert pack(one(Outcome.OPEN, Cell(2, 3))) == (
        bytes([1]) + bytes(at) + bytes.fromhex("02 00000000 03")
    )


def test_a_headline_of_a_busy_month_takes_some_ninety_bytes_at_most() -> None:
    counts = Counts.total(one(outcome, Cell(10**5, 10**15)) for outcome in Outcome)
    assert len(pack(counts)) < 115


def test_what_does_not_fit_is_refused_and_so_is_another_layout() -> None:
    with pytest.raises(OverflowError, match="40 bits"):
        pack(one(Outcome.OPENED, Cell(2**39)))
    with pytest.raises(UnknownLayoutError):
        add(0, b"\x02\x01")
