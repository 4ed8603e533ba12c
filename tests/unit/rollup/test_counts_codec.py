"""Packed counts: nothing is lost, the layout is as documented, and rows stay small."""

from itertools import product

import pytest
from hypothesis import given

from ingest.terms import Branch, Severity
from rollup.metrics.counts import CLOSED_OUTCOMES, Cell, CellKey, Counts, Outcome
from rollup.metrics.histogram import EDGES_MS, bin_of
from rollup.rows.counts_codec import UnknownLayoutError, pack, unpack
from tests.unit.rollup.test_counts import COUNTS


@given(COUNTS)
def test_packing_is_lossless_and_equal_counts_have_equal_bytes(counts: Counts) -> None:
    assert unpack(pack(counts)) == counts
    assert pack(unpack(pack(counts))) == pack(counts)
    assert pack(Counts(dict(reversed(list(counts))))) == pack(counts)


def test_packed_bytes_match_the_documented_layout() -> None:
    fixed = CellKey(Severity.CRITICAL, Branch.DEFAULT, "é", Outcome.FIXED)
    opened = CellKey(Severity.CRITICAL, Branch.DEFAULT, "", Outcome.OPENED)
    listed = Cell(3, -256, {7: 1, 251: 300})
    stretch = Cell(2, 0, {7: 1, 9: 1})
    assert pack(Counts({fixed: listed, opened: Cell(5)})) == bytes.fromhex(
        "02 0200  0000 01  0200 01"  # two tools, the first without a name, of one cell each
        "00 10 00 00  30 12 01 02"  # two bins in a list of two-byte counts
        "c3a9  05  03 00ff  07 fb 0100 2c01"
    )
    assert pack(Counts({fixed: stretch}))[6:] == bytes.fromhex("30 10 08 03  c3a9  02  07 01 00 01")


@pytest.mark.parametrize("most", [1, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 10**15, -1])
def test_packing_bins_is_lossless_for_counts_of_any_width(most: int) -> None:
    key = CellKey(Severity.LOW, Branch.DEFAULT, "CodeQL", Outcome.FIXED)
    for indices in (range(3, 252), (0, 1, 251), (251,)):
        counts = Counts({key: Cell(1, 1, {**dict.fromkeys(indices, 1), indices[-1]: most})})
        assert unpack(pack(counts)) == counts


def test_dense_histogram_takes_one_byte_for_each_bin() -> None:
    key = CellKey(Severity.LOW, Branch.DEFAULT, "CodeQL", Outcome.FIXED)
    bins = dict.fromkeys(range(len(EDGES_MS) + 1), 200)
    assert len(pack(Counts({key: Cell(50_000, 10**15, bins)}))) < len(bins) + 30


@pytest.mark.parametrize("version", [b"", b"\x01", b"\x09"])
def test_unknown_layout_raises(version: bytes) -> None:
    with pytest.raises(UnknownLayoutError):
        unpack(version)


def test_outcomes_keep_their_positions() -> None:
    assert " ".join(Outcome) == (
        "OPENED REOPENED OPEN FIXED FALSE_POSITIVE WONT_FIX USED_IN_TESTS DISMISSED LEFT RETURNED"
        " MITIGATED"
    )


def test_positions_of_cells_in_the_grid_are_fixed() -> None:
    for (o, outcome), (s, severity), (b, branch) in product(
        enumerate(Outcome), enumerate(Severity), enumerate(Branch)
    ):
        packed = pack(Counts({CellKey(severity, branch, "", outcome): Cell(1)}))
        assert packed[6] == o * 16 + s * 2 + b


def test_month_of_500_closings_is_below_six_kilobytes() -> None:
    severities = [Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW]
    counts = Counts.total(
        Counts(
            {
                CellKey(severities[n % 4], Branch.DEFAULT, "CodeQL", Outcome.FIXED): Cell(
                    1, ms := 60_000 * (n + 1) ** 2, {bin_of(ms): 1}
                )
            }
        )
        for n in range(500)
    )
    assert len(pack(counts)) < 6_000


def test_largest_row_of_one_tool_is_below_50_kilobytes() -> None:
    bins = dict.fromkeys(range(len(EDGES_MS) + 1), 300)
    cells = {
        CellKey(severity, branch, "CodeQL", outcome): Cell(10**6, 10**15, bins)
        for severity in Severity
        for branch in Branch
        for outcome in Outcome
        if outcome in CLOSED_OUTCOMES
    }
    assert len(pack(Counts(cells))) < 50_000
