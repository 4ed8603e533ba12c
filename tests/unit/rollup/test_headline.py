"""Headlines: the pooled counts of rows, added without unpacking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.terms import Branch, Severity
from rollup.metrics.counts import CLOSED_OUTCOMES, COHORT_OUTCOMES, Cell, CellKey, Counts, Outcome
from rollup.rows.counts_codec import UnknownLayoutError
from rollup.rows.headline import add, cells_of, pack
from tests.unit.rollup.test_counts import COUNTS

TIMED = CLOSED_OUTCOMES | {Outcome.OPEN}
HEADLINED = [outcome for outcome in Outcome if outcome not in COHORT_OUTCOMES]


def pooled(counts: Counts) -> dict[Outcome, Cell]:
    """Return the cells by outcome, without durations, cohorts and empty cells."""
    found = {
        outcome: Cell(
            counts.count({outcome}), counts.total_ms({outcome}) if outcome in TIMED else 0
        )
        for outcome in HEADLINED
    }
    return {outcome: cell for outcome, cell in found.items() if cell}


def one(outcome: Outcome, cell: Cell) -> Counts:
    return Counts({CellKey(Severity.HIGH, Branch.DEFAULT, "CodeQL", outcome): cell})


@given(st.lists(COUNTS, max_size=4).map(lambda summands: [small(counts) for counts in summands]))
def test_sum_of_headlines_is_headline_of_the_sum(summands: list[Counts]) -> None:
    total = 0
    for counts in summands:
        total = add(total, pack(counts))
    assert cells_of(total) == pooled(Counts.total(summands))
    assert total == add(0, pack(Counts.total(summands)))


def small(counts: Counts) -> Counts:
    """Return counts of at most 100 million alerts in each cell."""
    return Counts({key: Cell(cell.count % 10**8 - 10**4, cell.total_ms) for key, cell in counts})


@given(st.sampled_from(HEADLINED), st.integers(1, 10**11), st.integers(0, 10**20))
def test_fields_of_a_headline_do_not_overlap(outcome: Outcome, number: int, total_ms: int) -> None:
    counts = one(outcome, Cell(number, total_ms if outcome in TIMED else 0))
    assert cells_of(add(0, pack(counts))) == pooled(counts)
    assert cells_of(add(add(0, pack(counts)), pack(-counts))) == {}


def test_headline_bytes_match_the_documented_layout() -> None:
    assert next(iter(Outcome)) is Outcome.OPENED
    assert pack(Counts()) == bytes.fromhex("01 00")
    assert pack(one(Outcome.OPENED, Cell(3))) == bytes.fromhex("01 03")
    assert pack(one(Outcome.OPENED, Cell(200))) == bytes.fromhex("01 c800")
    at = list(Outcome).index(Outcome.OPEN) * 5
    assert pack(one(Outcome.OPEN, Cell(2, 3))) == (
        bytes([1]) + bytes(at) + bytes.fromhex("02 00000000 03")
    )


def test_headline_from_before_the_last_outcome_is_readable() -> None:
    # RETURNED was the last field, 99 bytes after the version.
    stored = bytes([1]) + bytes(99) + b"\xff"
    assert cells_of(add(0, stored)) == {Outcome.RETURNED: Cell(-1)}
    mitigated = pack(one(Outcome.MITIGATED, Cell(2, 5)))
    assert cells_of(add(add(0, stored), mitigated)) == {
        Outcome.RETURNED: Cell(-1),
        Outcome.MITIGATED: Cell(2, 5),
    }


def test_headline_of_a_busy_month_is_below_120_bytes() -> None:
    counts = Counts.total(one(outcome, Cell(10**5, 10**15)) for outcome in Outcome)
    assert len(pack(counts)) < 120


def test_headline_does_not_contain_cohorts() -> None:
    cohorts = Counts.total(one(outcome, Cell(1, 5)) for outcome in COHORT_OUTCOMES)
    assert pack(cohorts) == pack(Counts())


def test_too_large_numbers_and_unknown_layouts_raise() -> None:
    with pytest.raises(OverflowError, match="40 bits"):
        pack(one(Outcome.OPENED, Cell(2**39)))
    with pytest.raises(UnknownLayoutError):
        add(0, b"\x02\x01")
