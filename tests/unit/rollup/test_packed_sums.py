"""Sums of packed cells and of headlines equal the sums of unpacked rows."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.terms import Branch, Severity
from rollup.metrics.counts import Cell, Counts, Outcome
from rollup.metrics.tally import CellSelection, GroupBy
from rollup.rows import headline
from rollup.rows.counts_codec import pack
from rollup.rows.packed_sums import CellSums, HeadlineSums
from tests.support import layout_2
from tests.unit.rollup.test_counts import COUNTS
from tests.unit.rollup.test_headline import HEADLINED, TIMED, small
from tests.unit.rollup.unpacked_rows import PeriodCounts, row_group, summed

SLOTS = {"DAY#2026-01-01": [0], "MONTH#2026-01": [0, 1], "ALL": [2], "MONTH#2026-02": []}
ROWS = st.lists(
    st.builds(
        PeriodCounts,
        st.sampled_from(["octo/ant", "octo/cat"]),
        st.sampled_from([*SLOTS, "MONTH#2020-01"]),
        COUNTS,
    ),
    max_size=6,
)
SELECTIONS = st.builds(
    CellSelection,
    severities=st.none() | st.frozensets(st.sampled_from(Severity), min_size=1),
    tools=st.none() | st.frozensets(st.sampled_from(["CodeQL", "", "other"]), min_size=1),
    branch=st.none() | st.sampled_from(Branch),
    group_by=st.none() | st.sampled_from(GroupBy),
    outcomes=st.none() | st.frozensets(st.sampled_from(Outcome), min_size=1),
)


def of_slot(rows: list[PeriodCounts], slot: int) -> list[PeriodCounts]:
    return [row for row in rows if slot in SLOTS.get(row.period, ())]


@given(SELECTIONS, ROWS)
def test_sums_of_packed_cells_equal_sums_of_unpacked_rows(
    selection: CellSelection, rows: list[PeriodCounts]
) -> None:
    sums = CellSums(selection, SLOTS, intervals=2, group_of=row_group(selection))
    for row in rows:
        sums.add(row.name, row.period, pack(row.counts))
    for slot in range(3):
        assert sums.cells(slot) == summed(selection, of_slot(rows, slot))
    if selection.group_by in {GroupBy.REPOSITORY, GroupBy.TEAM}:
        shown = (
            summed(selection, of_slot(rows, 0)).keys() | summed(selection, of_slot(rows, 1)).keys()
        )
        assert sums.groups == len(shown)


@given(SELECTIONS, ROWS)
def test_sums_without_durations_differ_only_in_bins(
    selection: CellSelection, rows: list[PeriodCounts]
) -> None:
    sums = CellSums(selection, SLOTS, durations=False, group_of=row_group(selection))
    for row in rows:
        sums.add(row.name, row.period, pack(row.counts))
    for slot in range(3):
        assert sums.cells(slot) == {
            group: {outcome: cell.without_bins() for outcome, cell in cells.items()}
            for group, cells in summed(selection, of_slot(rows, slot)).items()
        }


@given(SELECTIONS, ROWS)
def test_rows_of_both_layouts_are_added_up(
    selection: CellSelection, rows: list[PeriodCounts]
) -> None:
    rows = [row._replace(counts=layout_2.without_cohorts(row.counts)) for row in rows]
    sums = CellSums(selection, SLOTS, group_of=row_group(selection))
    for number, row in enumerate(rows):
        packed = (pack, layout_2.pack)[number % 2](row.counts)
        sums.add(row.name, row.period, packed)
    for slot in range(3):
        assert sums.cells(slot) == summed(selection, of_slot(rows, slot))


@given(ROWS)
def test_sums_of_headlines_equal_sums_of_unpacked_rows(rows: list[PeriodCounts]) -> None:
    rows = [row._replace(counts=small(row.counts)) for row in rows]
    sums = HeadlineSums(SLOTS, intervals=2)
    for row in rows:
        sums.add(row.name, row.period, headline.pack(row.counts))
    for slot in range(3):
        expected = summed(CellSelection(group_by=GroupBy.REPOSITORY), of_slot(rows, slot))
        pooled = {
            name: {
                outcome: kept
                for outcome, cell in cells.items()
                if outcome in HEADLINED
                if (kept := Cell(cell.count, cell.total_ms if outcome in TIMED else 0))
            }
            for name, cells in expected.items()
        }
        assert sums.cells(slot) == {name: cells for name, cells in pooled.items() if cells}


def test_repositories_with_a_row_in_an_interval_are_counted() -> None:
    counts = Counts()
    sums = HeadlineSums(SLOTS, intervals=2)
    assert sums.groups == 0
    for name in ("octo/ant", "octo/cat"):
        sums.add(name, "ALL", headline.pack(counts))
    assert sums.groups == 0
    sums.add("octo/cat", "MONTH#2026-01", headline.pack(counts))
    assert sums.groups == 1
