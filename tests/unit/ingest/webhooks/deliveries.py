"""Deliveries of alerts, and what the receiver makes of them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.errors import WebhookError
from ingest.webhooks.delivery import Accepted, Delivery, understand

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
JSON = "application/json"


def payload(action: str = "created", **alert: Any) -> dict[str, Any]:
    return {
        "action": action,
        "ref": "refs/heads/main",
        "alert": {
            "number": 22,
            "created_at": "2026-11-01T09:00:00Z",
            "html_url": "https://github.com/orgName/repoName/security/code-scanning/22",
            "rule": {"id": "js/xss", "severity": "error", "security_severity_level": "high"},
            "tool": {"name": "CodeQL"},
            **alert,
        },
        "repository": {
            "full_name": "orgName/repoName",
            "default_branch": "main",
            "owner": {"login": "orgName"},
        },
    }


def delivery(
    body: Any, *, event: str = "code_scanning_alert", content_type: str = JSON
) -> Delivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"x-github-event": event, "x-github-delivery": "d-1", "content-type": content_type}
    return Delivery(headers, raw)


def event_of(body: Any) -> Any:
    outcome = understand(delivery(body), now=NOW)
    assert isinstance(outcome, Accepted)
    return outcome.event


def refusal(one: Delivery) -> tuple[int, str]:
    with pytest.raises(WebhookError) as caught:
        understand(one, now=NOW)
    return caught.value.status, caught.value.reason
