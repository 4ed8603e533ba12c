"""Actions of users apply to an alert on every ref, whichever instance GitHub names."""

import json
from datetime import UTC, datetime

import pytest

from ingest.alerts.change import change_of
from ingest.alerts.lifecycle import fold
from ingest.events.alert_event import AlertEvent
from ingest.terms import AlertState, Branch, Ref
from ingest.webhooks.delivery import Accepted, Delivery, understand

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def event(action: str, *, ref: str = "", instance: str | None = None, **alert: str) -> AlertEvent:
    payload = {
        "action": action,
        "ref": ref,
        "alert": {
            "number": 1,
            "created_at": "2026-11-01T09:00:00Z",
            "html_url": "https://github.com/o/r/security/code-scanning/1",
            "most_recent_instance": {"ref": instance},
            **alert,
        },
        "repository": {"full_name": "o/r", "default_branch": "main"},
    }
    headers = {
        "x-github-event": "code_scanning_alert",
        "x-github-delivery": f"d-{action}",
        "content-type": "application/json",
    }
    outcome = understand(Delivery(headers, json.dumps(payload).encode()), now=NOW)
    assert isinstance(outcome, Accepted)
    return outcome.event


@pytest.mark.parametrize("action", ["closed_by_user", "reopened_by_user"])
@pytest.mark.parametrize(
    ("instance", "ref"),
    [
        ("refs/heads/main", Ref.DEFAULT),
        ("refs/pull/7/merge", Ref.NONE),
        ("refs/heads/feature", Ref.NONE),
        (None, Ref.NONE),
    ],
)
def test_user_action_is_not_limited_to_another_ref(
    action: str, instance: str | None, ref: Ref
) -> None:
    assert event(action, instance=instance).ref is ref


def test_user_reopens_alert_last_seen_on_pull_request() -> None:
    pull_request = "refs/pull/7/merge"
    alert = fold(
        map(
            change_of,
            [
                event("created", ref="refs/heads/main"),
                event("closed_by_user", instance=pull_request, dismissed_at="2026-11-02T09:00:00Z"),
                event("reopened_by_user", instance=pull_request, updated_at="2026-11-03T09:00:00Z"),
            ],
        )
    )
    assert alert is not None
    assert (alert.state, alert.branch) == (AlertState.OPEN, Branch.DEFAULT)
    assert len(alert.reopened_ms) == 1


def test_fix_without_ref_is_limited_to_ref_of_most_recent_instance() -> None:
    assert event("fixed", instance="refs/pull/7/merge").ref is Ref.OTHER
