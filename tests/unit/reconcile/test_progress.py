"""The progress of a task: its counts, and its form in the table."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.rest.drift import Drift
from reconcile.progress import MOST_NAMED, Counts, Cursor, Progress, from_json, to_json

NUMBERS = st.integers(0, 10**6)
TALLIES = st.dictionaries(st.text(max_size=20), NUMBERS, max_size=3)
COUNTS = st.builds(
    Counts,
    alerts=NUMBERS,
    requests=NUMBERS,
    drift=TALLIES,
    skipped=TALLIES,
    unreadable=TALLIES,
    named=st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=3).map(tuple),
)
CURSORS = st.none() | st.builds(Cursor, after=NUMBERS, url=st.none() | st.text(max_size=30))
PROGRESSES = st.builds(
    Progress,
    started_at=st.text(max_size=9),
    cursor=CURSORS,
    counts=COUNTS,
    finished_at=st.none() | st.text(max_size=9),
)


@given(PROGRESSES)
def test_stored_progress_is_read_as_it_was(progress: Progress) -> None:
    assert from_json(to_json(progress)) == progress


def test_pages_and_skipped_repositories_add_up() -> None:
    counts = (
        Counts()
        .with_page(alerts=100, drifts={Drift.MISSING: 90}, unreadable=(("one", "invalid"),))
        .with_page(alerts=50, drifts={Drift.MISSING: 1, Drift.STALE: 2}, unreadable=())
        .with_skipped("acme/web", "no_analysis")
        .with_skipped("acme/app", "no_analysis")
    )
    assert (counts.alerts, counts.differences) == (150, 93)
    assert counts.drift == {"missing": 91, "stale": 2}
    assert counts.skipped == {"no_analysis": 2}
    assert counts.unreadable == {"invalid": 1}
    assert [name for name, _ in counts.named] == ["one", "acme/web", "acme/app"]


def test_names_are_limited_and_counts_are_not() -> None:
    counts = Counts()
    for number in range(MOST_NAMED + 5):
        counts = counts.with_skipped(f"acme/{number}", "repository_gone")
    assert len(counts.named) == MOST_NAMED
    assert counts.skipped == {"repository_gone": MOST_NAMED + 5}


def test_last_page_finishes_the_progress() -> None:
    progress = Progress(started_at="start").moved(Cursor(url="next"), Counts(), now="later")
    assert (progress.is_finished, progress.finished_at) == (False, None)
    ended = progress.moved(None, Counts(), now="end")
    assert (ended.is_finished, ended.finished_at, ended.started_at) == (True, "end", "start")
