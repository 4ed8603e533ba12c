"""Packed counts: nothing is lost, the layout is as documented, and rows stay small."""

from itertools import product

import pytest
from hypothesis import given

from ingest.terms import Branch, Severity
from rollup.metrics.counts import Cell, CellKey, Counts, Outcome
from rollup.metrics.histogram import EDGES_MS, bin_of
from rollup.rows.counts_codec import UnknownLayoutError, is_empty, pack, tools_of, unpack
from tests.support import layout_2
from tests.unit.rollup.test_counts import COUNTS
from tests.unit.rollup.test_parts import dense


@given(COUNTS)
def test_packing_is_lossless_and_equal_counts_have_equal_bytes(counts: Counts) -> None:
    assert unpack(pack(counts)) == counts
    assert pack(unpack(pack(counts))) == pack(counts)
    assert pack(Counts(dict(reversed(list(counts))))) == pack(counts)


def test_packed_bytes_match_the_documented_layout() -> None:
    fixed = CellKey(Severity.CRITICAL, Branch.DEFAULT, "é", Outcome.FIXED)
    opened = CellKey(Severity.CRITICAL, Branch.DEFAULT, "", Outcome.OPENED)
    cohort = CellKey(Severity.NONE, Branch.OTHER, "", Outcome.COHORT_MITIGATED)
    listed = Cell(3, -256, {7: 1, 251: 300})
    assert pack(Counts({fixed: listed, opened: Cell(5), cohort: Cell(1)})) == bytes.fromhex(
        "03 0200  0000 0200  0200 0100"  # two tools: without a name, of two cells; of one cell
        "0000 10 00 00  0f01 10 00 00  3000 12 01 02"  # two bins in a list of two-byte counts
        "c3a9  05  01  03 00ff  07 fb 0100 2c01"
    )


@pytest.mark.parametrize(
    ("bins", "form", "length", "packed"),
    [
        ({7: 1, 9: 1}, "05", "02", "07 09"),
        ({7: 1, 8: 0xA, 9: 2}, "06", "02", "07 1a 20"),
        ({7: 1, 8: 16}, "08", "02", "07 01 10"),
        ({7: 1, 9: 2}, "06", "02", "07 10 20"),
        ({7: 1, 90: 2}, "00", "02", "07 5a 01 02"),
        ({7: 300, 8: 1}, "09", "02", "07 2c01 0100"),
    ],
)
def test_bins_have_the_form_with_the_fewest_bytes(
    bins: dict[int, int], form: str, length: str, packed: str
) -> None:
    fixed = CellKey(Severity.CRITICAL, Branch.DEFAULT, "é", Outcome.FIXED)
    expected = bytes.fromhex(f"3000 10 {form} {length}  c3a9  02  {packed}")
    assert pack(Counts({fixed: Cell(2, 0, bins)}))[7:] == expected


@given(COUNTS)
def test_layout_2_is_readable(counts: Counts) -> None:
    counts = layout_2.without_cohorts(counts)
    packed = layout_2.pack(counts)
    assert unpack(packed) == counts
    assert tools_of(packed) == tools_of(pack(counts))
    assert is_empty(packed) == is_empty(pack(counts)) == (counts == Counts())


@pytest.mark.parametrize(
    "most", [1, 15, 16, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 10**15, -1]
)
def test_packing_bins_is_lossless_for_counts_of_any_width(most: int) -> None:
    key = CellKey(Severity.LOW, Branch.DEFAULT, "CodeQL", Outcome.FIXED)
    for indices in (range(3, 252), (0, 1, 251), (251,)):
        counts = Counts({key: Cell(1, 1, {**dict.fromkeys(indices, 1), indices[-1]: most})})
        assert unpack(pack(counts)) == unpack(layout_2.pack(counts)) == counts


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
        " MITIGATED COHORT_FIXED COHORT_FALSE_POSITIVE COHORT_WONT_FIX COHORT_USED_IN_TESTS"
        " COHORT_DISMISSED COHORT_MITIGATED"
    )


def test_positions_of_cells_in_the_grid_are_fixed() -> None:
    for (o, outcome), (s, severity), (b, branch) in product(
        enumerate(Outcome), enumerate(Severity), enumerate(Branch)
    ):
        packed = pack(Counts({CellKey(severity, branch, "", outcome): Cell(1)}))
        assert int.from_bytes(packed[7:9], "little") == o * 16 + s * 2 + b


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


@pytest.mark.parametrize(("number", "kilobytes"), [(15, 28), (255, 53), (300, 101)])
def test_size_of_the_largest_row_of_one_tool(number: int, kilobytes: int) -> None:
    assert len(pack(dense(["CodeQL"], number))) < kilobytes * 1_000
