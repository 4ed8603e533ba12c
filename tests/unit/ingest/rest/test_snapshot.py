"""Alerts of GitHub's REST API become snapshots, also if values are null, missing or unknown."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.change import change_of
from ingest.errors import InvalidAlertError
from ingest.events.alert_detail import from_detail, to_detail
from ingest.events.alert_event import AlertEvent
from ingest.rest.snapshot import snapshot_of
from ingest.terms import Action, ClosedAs, Ref, Severity

OBSERVED = datetime(2026, 11, 23, 9, 0, 0, 123_456, tzinfo=UTC)
CREATED, CLOSED, UPDATED = (f"2026-11-0{day}T09:00:00Z" for day in (1, 5, 7))


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 9, tzinfo=UTC)


def listed(**changed: Any) -> dict[str, Any]:
    """Return an alert as a list contains it."""
    return {
        "number": 22,
        "created_at": CREATED,
        "updated_at": CREATED,
        "url": "https://api.github.com/repos/orgName/repoName/code-scanning/alerts/22",
        "html_url": "https://github.com/orgName/repoName/security/code-scanning/22",
        "state": "open",
        "fixed_at": None,
        "dismissed_at": None,
        "dismissed_reason": None,
        "rule": {"id": "js/xss", "severity": "error", "security_severity_level": "high"},
        "tool": {"name": "CodeQL"},
        "most_recent_instance": {"ref": "refs/heads/main", "state": "open"},
        **changed,
    }


def snapshot(alert: object, default_branch: str | None = "main") -> AlertEvent:
    return snapshot_of(
        alert,
        repository={"full_name": "orgName/repoName"},
        default_branch=default_branch,
        observed_at=OBSERVED,
    )


def test_open_alert_is_read() -> None:
    event = snapshot(listed())
    assert (event.action, event.alert_id) == (Action.RECONCILED, "orgName/repoName/22")
    assert (event.severity, event.tool, event.rule) == (Severity.HIGH, "CodeQL", "js/xss")
    assert (event.closed_as, event.closed_at, event.ref) == (None, None, Ref.DEFAULT)
    assert (event.created_at, event.happened_at) == (day(1), day(1))
    assert event.received_at == OBSERVED.replace(microsecond=123_000)
    assert from_detail(to_detail(event)) == event


CASES = [
    ({"state": "fixed", "fixed_at": CLOSED, "updated_at": UPDATED}, ClosedAs.FIXED, 5, 7),
    ({"state": "fixed", "fixed_at": UPDATED, "updated_at": CLOSED}, ClosedAs.FIXED, 7, 7),
    ({"state": "fixed", "updated_at": UPDATED}, ClosedAs.FIXED, 7, 7),
    ({"state": "fixed"}, ClosedAs.FIXED, None, None),
    ({"state": "fixed", "fixed_at": CLOSED, "updated_at": None}, ClosedAs.FIXED, 5, None),
    ({"state": "dismissed", "dismissed_at": CLOSED}, ClosedAs.DISMISSED, 5, 5),
    (
        {"state": "dismissed", "dismissed_at": CLOSED, "dismissed_reason": "mitigated"},
        *(ClosedAs.MITIGATED, 5, 5),
    ),
    ({"state": "dismissed", "dismissed_reason": "of the future"}, ClosedAs.DISMISSED, None, None),
    ({"state": None, "updated_at": UPDATED}, None, None, 7),
    ({"state": "open", "fixed_at": CLOSED, "updated_at": UPDATED}, None, None, 7),
    ({"state": "of the future"}, None, None, 1),
    ({"state": "of the future", "fixed_at": CLOSED}, ClosedAs.FIXED, 5, 5),
    (
        {"state": "of the future", "dismissed_at": CLOSED, "dismissed_reason": "won't fix"},
        *(ClosedAs.WONT_FIX, 5, 5),
    ),
]


@pytest.mark.parametrize(("alert", "closed_as", "closed", "happened"), CASES)
def test_state_closing_and_time_are_read(
    alert: dict[str, Any], closed_as: ClosedAs | None, closed: int | None, happened: int | None
) -> None:
    event = snapshot(listed(**alert))
    assert event.closed_as is closed_as
    assert event.closed_at == (None if closed is None else day(closed))
    assert event.happened_at == (None if happened is None else day(happened))


@pytest.mark.parametrize("name", ["updated_at", "fixed_at", "dismissed_at", "state", "rule"])
def test_missing_value_is_like_null(name: str) -> None:
    missing = listed()
    del missing[name]
    assert snapshot(missing) == snapshot(listed(**{name: None}))


@pytest.mark.parametrize(
    ("ref", "default_branch", "expected"),
    [
        ("refs/heads/main", "main", Ref.DEFAULT),
        ("main", "main", Ref.DEFAULT),
        ("refs/pull/3/merge", "main", Ref.OTHER),
        ("refs/heads/main", "trunk", Ref.OTHER),
        (None, "main", Ref.NONE),
        (None, None, Ref.DEFAULT),
        ("refs/heads/main", None, Ref.DEFAULT),
    ],
)
def test_branch_follows_from_instance_or_list(
    ref: str | None, default_branch: str | None, expected: Ref
) -> None:
    assert snapshot(listed(most_recent_instance={"ref": ref}), default_branch).ref is expected


def test_observation_without_time_of_change_is_time_of_snapshot() -> None:
    change = change_of(snapshot(listed(updated_at=None)))
    assert change.at_ms == change.observed_ms


@pytest.mark.parametrize(
    ("alert", "reason"),
    [
        (None, "created_at_invalid"),
        ([], "created_at_invalid"),
        (listed(created_at=None), "created_at_invalid"),
        (listed(number=True), "alert_number_invalid"),
        (listed(number=2**31), "alert_number_invalid"),
        (listed(html_url=None), "alert_url_invalid"),
        (listed(html_url="https://github.com/o/r/security/code-scanning/22"), "alert_url_invalid"),
        (listed(html_url="https://[/"), "alert_url_invalid"),
        (listed(fixed_at="yesterday"), "fixed_at_invalid"),
        (listed(updated_at="2026-11-25T09:00:00Z"), "time_in_the_future"),
    ],
)
def test_invalid_alert_has_stable_reason(alert: object, reason: str) -> None:
    with pytest.raises(InvalidAlertError) as caught:
        snapshot(alert)
    assert caught.value.reason == reason


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=5,
)


@given(st.sampled_from(sorted(listed())), _JSON)
def test_any_value_is_read_or_refused_with_reason(name: str, value: object) -> None:
    try:
        event = snapshot(listed(**{name: value}))
    except InvalidAlertError as error:
        assert error.reason
    else:
        assert from_detail(to_detail(event)) == event
