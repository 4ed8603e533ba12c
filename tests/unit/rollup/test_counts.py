"""Counts are a commutative group under addition."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.terms import Branch, Severity
from rollup.metrics.counts import Cell, CellKey, Counts, Outcome
from rollup.metrics.histogram import EDGES_MS

_KEYS = st.builds(
    CellKey,
    st.sampled_from(Severity),
    st.sampled_from(Branch),
    st.sampled_from(["CodeQL", "", "Ünïted scanner"]),
    st.sampled_from(Outcome),
)
_NUMBERS = st.integers(-3, 3) | st.integers(-(10**15), 10**15)
_CELLS = st.builds(
    Cell,
    _NUMBERS,
    _NUMBERS,
    st.dictionaries(st.integers(0, len(EDGES_MS)), _NUMBERS.filter(bool), max_size=6),
)
COUNTS = st.builds(Counts, st.dictionaries(_KEYS, _CELLS, max_size=6))


@given(COUNTS, COUNTS, COUNTS)
def test_counts_are_a_commutative_group(a: Counts, b: Counts, c: Counts) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + Counts() == a
    assert a - a == Counts()
    assert a + b - b == a
    assert Counts.total([a, b, c]) == a + b + c


def test_empty_cells_are_not_stored() -> None:
    key = CellKey(Severity.LOW, Branch.DEFAULT, "", Outcome.OPEN)
    assert Counts()[key] == Cell()
    assert len(Counts({key: Cell()})) == 0
    assert Counts() != "nothing"
    assert "Counts" in repr(Counts())
