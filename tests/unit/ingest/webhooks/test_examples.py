"""GitHub's example payloads: how each alert is read, and that alerts of other kinds are refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.errors import WebhookError
from ingest.terms import Action, ClosedAs, Ref, Severity
from ingest.webhooks.delivery import Accepted, Delivery, Ping, understand
from tests.support.paths import ROOT

EXAMPLES = ROOT / "node_modules" / "@octokit" / "webhooks-examples"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
REOPENED = (Action.REOPENED, None, None, Severity.NOTE, "Rubocop", Ref.DEFAULT)
# Action, time of the action, outcome, severity, tool, ref.
Meaning = tuple[Action, str | None, ClosedAs | None, Severity, str, Ref]
MEANINGS: dict[str, list[Meaning]] = {
    "api.github.com": [
        REOPENED,
        (
            Action.CLOSED_BY_USER,
            "2021-02-11T02:59:08+00:00",
            ClosedAs.FALSE_POSITIVE,
            Severity.ERROR,
            "Anchore Container Vulnerability Report (T0)",
            Ref.NONE,
        ),
        (
            Action.CREATED,
            "2021-02-11T03:10:43+00:00",
            None,
            Severity.ERROR,
            "CodeQL",
            Ref.OTHER,
        ),
        (
            Action.FIXED,
            None,
            ClosedAs.FIXED,
            Severity.ERROR,
            "CodeQL",
            Ref.OTHER,
        ),
        REOPENED,
        REOPENED,
    ],
    "ghes-31": [REOPENED],
    "ghes-32": [REOPENED],
    "ghes-33": [REOPENED],
    "ghes-34": [REOPENED, REOPENED],
    "ghes-35": [REOPENED, REOPENED],
}


def examples(folder: str, event: str) -> list[object]:
    document = json.loads((EXAMPLES / folder / "index.json").read_text())
    return [example for one in document if one["name"] == event for example in one["examples"]]


def delivery(payload: object, event: str) -> Delivery:
    headers = {
        "x-github-event": event,
        "x-github-delivery": "d-1",
        "content-type": "application/json",
    }
    return Delivery(headers, json.dumps(payload).encode())


def meaning(payload: object) -> Meaning:
    outcome = understand(delivery(payload, "code_scanning_alert"), now=NOW)
    assert isinstance(outcome, Accepted)
    event = outcome.event
    assert event.alert_id == "Codertocat/Hello-World/10"
    assert event.tool is not None
    happened_at = None if event.happened_at is None else event.happened_at.isoformat()
    return (
        event.action,
        happened_at,
        event.closed_as,
        event.severity,
        event.tool,
        event.ref,
    )


def test_every_folder_of_examples_is_tested() -> None:
    assert {index.parent.name for index in EXAMPLES.glob("*/index.json")} == set(MEANINGS)


@pytest.mark.parametrize("folder", MEANINGS)
def test_every_example_alert_is_read_as_listed_here(folder: str) -> None:
    assert [meaning(one) for one in examples(folder, "code_scanning_alert")] == MEANINGS[folder]


@pytest.mark.parametrize("folder", MEANINGS)
def test_every_example_ping_is_a_ping(folder: str) -> None:
    pings = examples(folder, "ping")
    assert pings
    assert all(understand(delivery(one, "ping"), now=NOW) == Ping() for one in pings)


def other_alerts() -> list[dict[str, Any]]:
    """GitHub's own examples of alerts of other kinds."""
    names = {"dependabot_alert", "secret_scanning_alert", "repository_vulnerability_alert"}
    return [
        example
        for file in sorted(EXAMPLES.glob("*/index.json"))
        for event in json.loads(file.read_text())
        if event["name"] in names
        for example in event["examples"]
    ]


def test_alert_of_another_kind_is_refused() -> None:
    others = other_alerts()
    assert len(others) >= 10
    for other in others:
        for action in ("created", "fixed", "reopened"):
            one = delivery({**other, "action": action}, "code_scanning_alert")
            with pytest.raises(WebhookError) as caught:
                understand(one, now=NOW)
            assert caught.value.status == 422
