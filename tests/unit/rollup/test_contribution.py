"""The rows that an alert adds to: ends of months, late fixes, leap days, long durations."""

from datetime import UTC, datetime

from ingest.alerts.change import Closing, Facts
from ingest.alerts.lifecycle import Alert
from ingest.terms import Branch, ClosedAs, Severity
from rollup.metrics.counts import CLOSED_OUTCOMES, Cell, CellKey, Counts, Outcome
from rollup.metrics.histogram import EDGES_MS, bin_of
from rollup.rollup_step import step
from rollup.rows.overview_row import REPOSITORY, OverviewRow, from_items, to_items
from rollup.rows.row_key import RowKey
from tests.unit.rollup.builders import entry

NAME = "octo/cat"
DAY_MS = 86_400_000


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000


def alert(created: str, closed: str | None = None, *reopened: str) -> Alert:
    return Alert(
        facts=Facts(ms(created), NAME, "https://x", Severity.HIGH, "CodeQL", None),
        branch=Branch.DEFAULT,
        closing=Closing(ClosedAs.FIXED, ms(closed)) if closed else None,
        reopened_ms=tuple(ms(one) for one in reopened),
        earlier_closings=(),
        last_change_ms=ms(closed or created),
        spelled_ms=ms(created),
    )


def rows_after(*states: Alert) -> dict[str, Counts]:
    """Return the counts by period after an alert was in these states, one after another."""
    rows: dict[RowKey, OverviewRow] = {}
    before = None
    for revision, state in enumerate(states, start=1):
        after = entry(NAME, 1, revision, state)
        write = step([after], ledger={before.key: before} if before else {}, rows=rows)
        rows |= {row.key: row for row in write.rows}
        before = after
    return {key.period: row.counts for key, row in rows.items()}


def cell(counts: Counts, outcome: Outcome) -> Cell:
    return counts[CellKey(Severity.HIGH, Branch.DEFAULT, "CodeQL", outcome)]


def test_reopening_in_the_next_month_removes_the_closing_of_the_month_before() -> None:
    rows = rows_after(
        alert("2026-01-30T12:00:00"),
        alert("2026-01-30T12:00:00", "2026-01-31T23:59:59"),
        alert("2026-01-30T12:00:00", None, "2026-02-01T00:00:00"),
    )
    assert cell(rows["MONTH#2026-01"], Outcome.OPEN) == Cell(1, ms("2026-01-30T12:00:00"))
    assert rows["MONTH#2026-01"].count(CLOSED_OUTCOMES) == 0
    assert rows["DAY#2026-01-31"] == Counts()
    assert cell(rows["MONTH#2026-02"], Outcome.REOPENED) == Cell(1)
    assert cell(rows["DAY#2026-02-01"], Outcome.REOPENED) == Cell(1)
    assert len(rows["MONTH#2026-02"]) == 1


def test_fix_recorded_a_month_late_counts_on_the_day_it_happened() -> None:
    rows = rows_after(
        alert("2026-01-10T00:00:00"),
        alert("2026-01-10T00:00:00", "2026-03-05T00:00:00"),
        alert("2026-01-10T00:00:00", "2026-01-20T00:00:00"),
    )
    duration_ms = 10 * DAY_MS
    assert cell(rows["MONTH#2026-01"], Outcome.FIXED) == Cell(
        1, duration_ms, {bin_of(duration_ms): 1}
    )
    assert cell(rows["DAY#2026-01-20"], Outcome.FIXED).count == 1
    assert rows["MONTH#2026-03"] == rows["DAY#2026-03-05"] == Counts()
    assert cell(rows["ALL"], Outcome.FIXED) == Cell(1, duration_ms)
    assert rows["ALL"].count({Outcome.OPEN}) == 0


def test_leap_day_has_its_own_row_and_24_hours() -> None:
    rows = rows_after(alert("2028-02-29T00:00:00", "2028-03-01T00:00:00"))
    assert cell(rows["DAY#2028-02-29"], Outcome.OPENED) == Cell(1)
    assert cell(rows["MONTH#2028-02"], Outcome.OPENED) == Cell(1)
    assert cell(rows["MONTH#2028-03"], Outcome.FIXED).total_ms == DAY_MS
    assert rows.keys() == {
        *("DAY#2028-02-29", "MONTH#2028-02", "DAY#2028-03-01", "MONTH#2028-03", "ALL")
    }


def test_duration_of_four_years_is_exact_to_the_millisecond() -> None:
    rows = rows_after(
        alert("2024-02-29T01:00:00"), alert("2024-02-29T01:00:00", "2028-02-29T01:00:01")
    )
    duration_ms = 1_461 * DAY_MS + 1_000
    fixed = cell(rows["DAY#2028-02-29"], Outcome.FIXED)
    assert fixed == Cell(1, duration_ms, {bin_of(duration_ms): 1})
    assert EDGES_MS[bin_of(duration_ms) - 1] < duration_ms <= EDGES_MS[bin_of(duration_ms)]
    assert cell(rows["MONTH#2024-02"], Outcome.OPEN) == Cell()


def test_row_of_100000_closings_is_exact_and_below_1000_bytes() -> None:
    durations_ms = [n * n * 13 for n in range(100_000)]
    key = CellKey(Severity.HIGH, Branch.DEFAULT, "CodeQL", Outcome.FIXED)
    counts = Counts.total(Counts({key: Cell(1, d, {bin_of(d): 1})}) for d in durations_ms)
    row = OverviewRow(RowKey(NAME, "MONTH#2026-01"), 1, counts)
    (item,) = to_items(REPOSITORY, row)
    assert item["numberFixed"]["N"] == "100000"
    assert item["totalTimeToRemediate"]["N"] == str(sum(durations_ms))
    assert item["meanTimeToRemediate"]["N"] == str(round(sum(durations_ms) / 100_000))
    assert sum(counts[key].bins.values()) == 100_000
    assert len(item["cells"]["B"]) < 1_000
    assert from_items(REPOSITORY, item) == row
    rest = counts
    for duration_ms in durations_ms[:100]:
        rest -= Counts({key: Cell(1, duration_ms, {bin_of(duration_ms): 1})})
    assert rest.total_ms({Outcome.FIXED}) == sum(durations_ms[100:])
