"""Another name of a repository: its alerts are as if it had always had this name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.change import Change, add, change_of
from ingest.alerts.lifecycle import fold
from ingest.events.alert_event import AlertEvent
from ingest.repositories.name_change import under_name
from ingest.repositories.repository import former_name
from ingest.terms import Action, ClosedAs, Ref, Severity

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("octo/a", "octo/b", "acme/c")


def event(name: str, action: Action, minutes: int) -> AlertEvent:
    at = START + timedelta(minutes=minutes)
    return AlertEvent(
        delivery_id="d",
        action=action,
        repository=name,
        number=7,
        url=f"https://github.example.org/{name}/security/code-scanning/7",
        created_at=START,
        happened_at=at,
        received_at=at,
        closed_as=ClosedAs.FIXED if action is Action.FIXED else None,
        severity=Severity.HIGH,
        tool="CodeQL",
        rule=None,
        ref=Ref.DEFAULT,
    )


def changes_of(*events: AlertEvent) -> frozenset[Change]:
    changes: frozenset[Change] = frozenset()
    for one in events:
        changes = add(changes, change_of(one))
    return changes


_HISTORIES = st.lists(
    st.tuples(st.sampled_from([*Action][1:3]), st.integers(0, 5)), min_size=1, max_size=4
)


@given(_HISTORIES, st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_renamed_changes_equal_those_of_new_name(
    history: list[tuple[Action, int]], first: str, second: str, third: str
) -> None:
    def under(name: str) -> frozenset[Change]:
        return changes_of(*(event(name, action, minutes) for action, minutes in history))

    assert under_name(under(first), second, 7) == under(second)
    assert under_name(under_name(under(first), second, 7), third, 7) == under(third)
    assert under_name(under(first) | under(second), third, 7) == under(third)


def test_spelling_of_the_same_name_stays() -> None:
    changes = changes_of(event("Octo/A", Action.CREATED, 0))
    assert under_name(changes, "octo/a", 7) == changes


def test_alert_keeps_its_history_under_the_new_name() -> None:
    old = changes_of(event("octo/a", Action.CREATED, 0), event("octo/a", Action.FIXED, 5))
    new = changes_of(event("octo/b", Action.REOPENED, 9))
    alert = fold(under_name(old, "octo/b", 7) | new)
    assert alert is not None
    assert (alert.facts.repository, alert.closing, len(alert.reopened_ms)) == ("octo/b", None, 1)
    assert alert.facts.url == "https://github.example.org/octo/b/security/code-scanning/7"
    assert alert.spelled_ms == alert.facts.created_ms


@pytest.mark.parametrize("name", ["octo/cat", "octo/" + "c" * 100])
def test_former_name_is_a_valid_name_of_the_same_owner(name: str) -> None:
    former = former_name(name, 1296269)
    assert former.startswith("octo/c")
    assert former.endswith(".former-1296269")
    renamed = replace(
        event("octo/a", Action.CREATED, 0),
        repository=former,
        url=f"https://x/{former}/security/code-scanning/7",
    )
    assert renamed.repository == former
