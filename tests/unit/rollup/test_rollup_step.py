"""One step of a rollup: what is written, which revisions rise, and what is put right."""

from dataclasses import replace

from ingest.alerts.lifecycle import Alert
from ingest.terms import Severity
from rollup.metrics.counts import Counts
from rollup.rollup_step import Exchange, correction, newest, step
from rollup.rows.ledger import Entry
from rollup.rows.overview_row import OverviewRow
from rollup.rows.row_key import RowKey
from tests.integration.rollup_stack import alert, entry

ALL = RowKey("octo/cat", "ALL")


def told(number: int, revision: int, state: Alert) -> Entry:
    return entry("octo/cat", number, revision, state)


def rows_after(*entries: Entry) -> dict[RowKey, OverviewRow]:
    return {row.key: row for row in step(entries, ledger={}, rows={}).rows}


def test_a_row_gets_a_new_revision_also_where_its_changes_cancel_out() -> None:
    before = [told(1, 1, alert(severity=Severity.LOW)), told(2, 1, alert())]
    rows = rows_after(*before)
    after = [told(1, 2, alert()), told(2, 2, alert(severity=Severity.LOW))]
    write = step(after, ledger={one.key: one for one in before}, rows=rows)
    assert {row.key for row in write.rows} == rows.keys()
    for row in write.rows:
        assert row.counts == rows[row.key].counts
        assert row.revision == rows[row.key].revision + 1


def test_what_is_told_again_writes_nothing() -> None:
    known = told(1, 3, alert(closed=2))
    rows = rows_after(known)
    for again in (known, told(1, 2, alert())):
        assert not step([again], ledger={known.key: known}, rows=rows)


def test_a_wrong_contribution_of_the_same_revision_is_put_right() -> None:
    wrong, right = told(1, 3, alert(closed=2)), told(1, 3, alert(closed=40))
    write = step([right], ledger={wrong.key: wrong}, rows=rows_after(wrong))
    assert write.exchanges == [Exchange(wrong, right)]
    after = rows_after(wrong) | {row.key: row for row in write.rows}
    assert {key: row.counts for key, row in after.items() if row.counts != Counts()} == {
        key: row.counts for key, row in rows_after(right).items()
    }


def test_an_event_that_changes_no_count_leaves_the_days_and_months_alone() -> None:
    known = told(1, 1, alert())
    later = replace(alert(), last_change_ms=alert().last_change_ms + 1)
    write = step([told(1, 2, later)], ledger={known.key: known}, rows=rows_after(known))
    assert [row.key for row in write.rows] == [ALL]


def test_a_correction_is_made_only_of_what_is_still_there() -> None:
    seen, right = told(1, 3, alert(closed=2)), told(1, 2, alert())
    rows = rows_after(seen)
    wanted = [Exchange(seen, right)]
    assert correction(wanted, ledger={seen.key: seen}, rows=rows, kept=frozenset())
    newer = replace(seen, revision=4)
    assert not correction(wanted, ledger={seen.key: newer}, rows=rows, kept=frozenset())
    assert not correction(wanted, ledger={}, rows=rows, kept=frozenset())
    assert not correction(
        [Exchange(None, right)], ledger={seen.key: seen}, rows=rows, kept=frozenset()
    )


def test_an_orphan_is_retracted_from_every_row_but_those_that_are_kept() -> None:
    orphan = told(1, 3, alert(closed=2))
    rows = rows_after(orphan)
    write = correction([Exchange(orphan, None)], ledger={orphan.key: orphan}, rows=rows, kept={ALL})
    for row in write.rows:
        assert row.counts == (rows[ALL].counts if row.key == ALL else Counts())
        assert row.revision == 2


def test_the_newest_revision_of_a_source_is_kept() -> None:
    one, two, three = (told(1, revision, alert()) for revision in (1, 2, 3))
    assert newest([two, three, one]) == [three]
