"""The comparison of pages with stored alerts: stale, shifted and repeated pages do no harm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.alert_row import AlertRow
from ingest.alerts.change import add, change_of, details_of
from ingest.events.alert_event import AlertEvent
from ingest.facts.details import newest
from ingest.rest.drift import Drift
from ingest.rest.snapshot import snapshot_of
from reconcile.comparison import AlertName, differences, drifts_of, listed_of, name_of

START = datetime(2026, 1, 1, tzinfo=UTC)
REPOSITORY = {"id": 1, "full_name": "Acme/Web", "default_branch": "main"}
PER_PAGE = 3


def minutes(number: int) -> datetime:
    return START + timedelta(minutes=number)


def text(number: int) -> str:
    return minutes(number).strftime("%Y-%m-%dT%H:%M:%SZ")


def alert_json(number: int, states: Sequence[str]) -> dict[str, Any]:
    """Return an alert that was created at its number, and had these states, a minute each."""
    state, updated = states[-1], number + len(states) - 1
    return {
        "number": number,
        "created_at": text(number),
        "updated_at": text(updated),
        "html_url": f"https://github.com/Acme/Web/security/code-scanning/{number}",
        "state": state,
        "fixed_at": text(updated) if state == "fixed" else None,
        "dismissed_at": text(updated) if state == "dismissed" else None,
        "dismissed_reason": "false positive" if state == "dismissed" else None,
        "rule": {"id": "js/xss", "severity": "error", "security_severity_level": "high"},
        "tool": {"name": "CodeQL"},
        "most_recent_instance": {"ref": "refs/heads/main"},
    }


STATES = st.lists(st.sampled_from(["open", "fixed", "dismissed"]), max_size=5)
HISTORIES = st.lists(STATES.map(lambda later: ("open", *later)), min_size=1, max_size=8)


@dataclass(frozen=True, slots=True)
class BadPage:
    """A page that is read: where it starts, how old its content is, and what it repeats."""

    start: int
    age: int
    repeated: bool


BAD_PAGES = st.lists(
    st.builds(BadPage, start=st.integers(0, 7), age=st.integers(0, 5), repeated=st.booleans()),
    max_size=12,
)


class Table:
    """The stored alerts, as the recorder writes them."""

    def __init__(self) -> None:
        self.rows: dict[AlertName, AlertRow] = {}

    def read_page(self, alerts: Sequence[Mapping[str, object]], observed: int) -> list[Drift]:
        """Compare a page, record what differs, and return the kinds of differences."""

        def event_of(alert: Mapping[str, object]) -> AlertEvent:
            return snapshot_of(
                alert,
                repository=REPOSITORY,
                default_branch="main",
                observed_at=minutes(observed),
            )

        found = differences(listed_of(alerts, event_of), self.rows)
        for one in found:
            self.record(one.event)
        return [one.drift for one in found]

    def record(self, event: AlertEvent) -> None:
        stored = self.rows.get(name_of(event))
        changes = add(stored.changes if stored else frozenset(), change_of(event))
        details = newest(stored.details if stored else None, details_of(event))
        repository, number = name_of(event)
        self.rows[name_of(event)] = AlertRow(repository, number, 1, changes, details=details)

    def states(self) -> dict[AlertName, object]:
        """Return what is stored of each alert as GitHub lists it, without its history."""
        alerts = {name: row.alert for name, row in self.rows.items()}
        return {name: alert and (alert.facts, alert.branch, alert.closing)
                for name, alert in alerts.items()}  # fmt: skip


def present(histories: Sequence[Sequence[str]], age: int = 0) -> list[dict[str, Any]]:
    """Return the listed alerts, with the states that they had `age` changes ago."""
    return [
        alert_json(number, states[: max(1, len(states) - age)])
        for number, states in enumerate(histories, 1)
    ]


@given(HISTORIES, BAD_PAGES)
def test_final_rows_do_not_depend_on_earlier_pages(
    histories: Sequence[Sequence[str]], bad_pages: Sequence[BadPage]
) -> None:
    table, clean = Table(), Table()
    for observed, bad in enumerate(bad_pages, 100):
        page = present(histories, bad.age)[bad.start : bad.start + PER_PAGE]
        older = present(histories, bad.age + 1)[bad.start : bad.start + 1]
        table.read_page([*older, *page] if bad.repeated else page, observed)
    for start in range(0, len(histories), PER_PAGE):
        page = present(histories)[start : start + PER_PAGE]
        table.read_page(page, 200)
        clean.read_page(page, 200)
    assert table.states() == clean.states()
    assert table.read_page(present(histories), 201) == []


def test_last_listing_of_an_alert_on_a_page_counts() -> None:
    table = Table()
    page = [alert_json(1, ["open"]), alert_json(1, ["open", "fixed"])]
    assert table.read_page(page, 100) == [Drift.MISSING]
    alert = table.rows["acme/web", 1].alert
    assert alert is not None
    assert alert.closing is not None
    assert alert.closing.closed_ms == int(minutes(2).timestamp() * 1000)


def test_invalid_alert_is_reported_and_the_others_are_read() -> None:
    table = Table()
    broken = alert_json(1, ["open"]) | {"created_at": "yesterday"}

    def event_of(alert: Mapping[str, object]) -> AlertEvent:
        return snapshot_of(
            alert, repository=REPOSITORY, default_branch="main", observed_at=minutes(100)
        )

    listed = listed_of([broken, alert_json(2, ["open"])], event_of)
    assert listed.unreadable == ((broken["html_url"], "created_at_invalid"),)
    assert drifts_of(differences(listed, table.rows)) == {Drift.MISSING: 1}
