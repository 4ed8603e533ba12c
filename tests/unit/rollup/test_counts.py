"""Counts are a commutative group, pack without loss, and their histogram is within 5 %."""

from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.terms import Branch, Severity
from rollup.metrics import histogram, period
from rollup.metrics.counts import CLOSED_OUTCOMES, Cell, CellKey, Counts, Outcome
from rollup.metrics.histogram import EDGES_MS, EXACT_DAYS, bin_of, last_bin_within, middle_ms
from rollup.rows.counts_codec import UnknownLayoutError, pack, unpack

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


@given(COUNTS)
def test_packing_loses_nothing_and_equal_counts_have_equal_bytes(counts: Counts) -> None:
    assert unpack(pack(counts)) == counts
    assert pack(unpack(pack(counts))) == pack(counts)
    assert pack(Counts(dict(reversed(list(counts))))) == pack(counts)


def test_the_layout_is_what_is_documented() -> None:
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
def test_bins_of_any_count_are_packed_without_loss(most: int) -> None:
    key = CellKey(Severity.LOW, Branch.DEFAULT, "CodeQL", Outcome.FIXED)
    for places in (range(3, 252), (0, 1, 251), (251,)):
        counts = Counts({key: Cell(1, 1, {**dict.fromkeys(places, 1), places[-1]: most})})
        assert unpack(pack(counts)) == counts


def test_a_dense_histogram_takes_a_byte_a_bin() -> None:
    key = CellKey(Severity.LOW, Branch.DEFAULT, "CodeQL", Outcome.FIXED)
    bins = dict.fromkeys(range(len(EDGES_MS) + 1), 200)
    assert len(pack(Counts({key: Cell(50_000, 10**15, bins)}))) < len(bins) + 30


@pytest.mark.parametrize("version", [b"", b"\x01", b"\x09"])
def test_an_unknown_layout_is_refused(version: bytes) -> None:
    with pytest.raises(UnknownLayoutError):
        unpack(version)


def test_a_cell_is_at_16_times_its_outcome_plus_twice_its_severity_plus_its_branch() -> None:
    for (o, outcome), (s, severity), (b, branch) in product(
        enumerate(Outcome), enumerate(Severity), enumerate(Branch)
    ):
        packed = pack(Counts({CellKey(severity, branch, "", outcome): Cell(1)}))
        assert packed[6] == o * 16 + s * 2 + b


def test_an_empty_cell_reads_as_nothing() -> None:
    key = CellKey(Severity.LOW, Branch.DEFAULT, "", Outcome.OPEN)
    assert Counts()[key] == Cell()
    assert len(Counts({key: Cell()})) == 0
    assert Counts() != "nothing"
    assert "Counts" in repr(Counts())


def test_a_month_of_500_closed_alerts_stays_under_six_kilobytes() -> None:
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


def test_the_largest_row_of_one_tool_is_about_forty_kilobytes() -> None:
    bins = dict.fromkeys(range(len(EDGES_MS) + 1), 300)
    cells = {
        CellKey(severity, branch, "CodeQL", outcome): Cell(10**6, 10**15, bins)
        for severity in Severity
        for branch in Branch
        for outcome in Outcome
        if outcome in CLOSED_OUTCOMES
    }
    assert len(pack(Counts(cells))) < 42_000


@given(st.integers(1_000, 20 * 365 * 86_400_000))
def test_the_middle_of_a_bin_is_within_five_percent_of_what_it_counts(duration_ms: int) -> None:
    assert abs(middle_ms(bin_of(duration_ms)) - duration_ms) <= 0.05 * duration_ms


@given(st.sampled_from(EXACT_DAYS), st.integers(-2, 2))
def test_the_bins_within_some_days_count_exactly_what_took_no_longer(days: int, off: int) -> None:
    duration_ms = days * 86_400_000 + off
    assert (bin_of(duration_ms) <= last_bin_within(days)) == (off <= 0)


def test_edges_ascend_and_the_ends_stand_for_themselves() -> None:
    assert list(EDGES_MS) == sorted(set(EDGES_MS))
    assert middle_ms(bin_of(0)) == 0
    assert middle_ms(bin_of(10**15)) == EDGES_MS[-1]
    with pytest.raises(ValueError, match="no exact edge"):
        histogram.last_bin_within(31)


def test_periods_are_utc_and_know_leap_days() -> None:
    leap = int(datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC).timestamp()) * 1_000
    assert period.periods_of(leap) == ("DAY#2028-02-29", "MONTH#2028-02", "ALL")
    assert period.periods_of(leap + 1_000)[0] == "DAY#2028-03-01"
    assert period.monthly_period("MONTH#2028-02") == "2028-02"
    assert period.monthly_period("ALL") is None
    assert period.first_day("MONTH#2028-02") == date(2028, 2, 1)
    assert period.first_day("DAY#2028-02-29") == date(2028, 2, 29)
    assert period.first_day("ALL") is None
    assert period.midnight_ms(date(1970, 1, 2)) == 86_400_000
    assert not period.has_histogram("ALL")
