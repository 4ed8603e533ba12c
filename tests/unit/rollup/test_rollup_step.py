"""One step of a rollup: what it writes, which revisions it raises, and what it corrects."""

from dataclasses import replace

from ingest.alerts.lifecycle import Alert
from ingest.terms import Severity
from rollup.metrics.counts import Counts
from rollup.rollup_step import Exchange, correction, newest, step
from rollup.rows.ledger import Entry
from rollup.rows.overview_row import OverviewRow
from rollup.rows.row_key import RowKey
from tests.unit.rollup.builders import alert, entry

ALL = RowKey("octo/cat", "ALL")


def reported(number: int, revision: int, state: Alert) -> Entry:
    return entry("octo/cat", number, revision, state)


def rows_after(*entries: Entry) -> dict[RowKey, OverviewRow]:
    return {row.key: row for row in step(entries, ledger={}, rows={}).rows}


def test_changes_that_cancel_out_still_raise_the_revision() -> None:
    before = [reported(1, 1, alert(severity=Severity.LOW)), reported(2, 1, alert())]
    rows = rows_after(*before)
    after = [reported(1, 2, alert()), reported(2, 2, alert(severity=Severity.LOW))]
    write = step(after, ledger={one.key: one for one in before}, rows=rows)
    assert {row.key for row in write.rows} == rows.keys()
    for row in write.rows:
        assert row.counts == rows[row.key].counts
        assert row.revision == rows[row.key].revision + 1


def test_known_and_older_revisions_write_nothing() -> None:
    known = reported(1, 3, alert(closed=2))
    rows = rows_after(known)
    for again in (known, reported(1, 2, alert())):
        assert not step([again], ledger={known.key: known}, rows=rows)


def test_different_contribution_of_the_same_revision_is_corrected() -> None:
    wrong, right = reported(1, 3, alert(closed=2)), reported(1, 3, alert(closed=40))
    write = step([right], ledger={wrong.key: wrong}, rows=rows_after(wrong))
    assert write.exchanges == [Exchange(wrong, right)]
    after = rows_after(wrong) | {row.key: row for row in write.rows}
    assert {key: row.counts for key, row in after.items() if row.counts != Counts()} == {
        key: row.counts for key, row in rows_after(right).items()
    }


def test_event_without_changed_counts_writes_only_the_all_row() -> None:
    known = reported(1, 1, alert())
    later = replace(alert(), last_change_ms=alert().last_change_ms + 1)
    write = step([reported(1, 2, later)], ledger={known.key: known}, rows=rows_after(known))
    assert [row.key for row in write.rows] == [ALL]


def test_correction_skips_entries_changed_since() -> None:
    seen, right = reported(1, 3, alert(closed=2)), reported(1, 2, alert())
    rows = rows_after(seen)
    wanted = [Exchange(seen, right)]
    assert correction(wanted, ledger={seen.key: seen}, rows=rows, kept=frozenset())
    newer = replace(seen, revision=4)
    assert not correction(wanted, ledger={seen.key: newer}, rows=rows, kept=frozenset())
    assert not correction(wanted, ledger={}, rows=rows, kept=frozenset())
    assert not correction(
        [Exchange(None, right)], ledger={seen.key: seen}, rows=rows, kept=frozenset()
    )


def test_orphan_is_retracted_from_all_rows_except_kept_ones() -> None:
    orphan = reported(1, 3, alert(closed=2))
    rows = rows_after(orphan)
    write = correction([Exchange(orphan, None)], ledger={orphan.key: orphan}, rows=rows, kept={ALL})
    for row in write.rows:
        assert row.counts == (rows[ALL].counts if row.key == ALL else Counts())
        assert row.revision == 2


def test_newest_revision_of_a_source_wins() -> None:
    one, two, three = (reported(1, revision, alert()) for revision in (1, 2, 3))
    assert newest([two, three, one]) == [three]
