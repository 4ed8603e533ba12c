"""The webhook `repository`: which deliveries count, and their event on the bus."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.errors import InvalidAlertError, WebhookError
from ingest.events.repository_event import (
    RepositoryAction,
    RepositoryEvent,
    from_detail,
    is_detail,
    to_detail,
)
from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.webhooks.delivery import AcceptedRepository, Delivery, Ignored, understand
from tests.support.paths import ROOT

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EXAMPLES = ROOT / "node_modules" / "@octokit" / "webhooks-examples" / "api.github.com"
EVENT = RepositoryEvent(
    delivery_id="d-1",
    action=RepositoryAction.DELETED,
    seen=SeenRepository(
        id=7,
        name="octo/cat",
        seen_at=datetime(2026, 11, 20, tzinfo=UTC),
        facts=RepositoryFacts(archived=True),
    ),
    received_at=NOW,
    deleted_at=NOW,
)


def delivered(payload: object) -> Any:
    headers = {
        "x-github-event": "repository",
        "x-github-delivery": "d-1",
        "content-type": "application/json",
    }
    return understand(Delivery(headers, json.dumps(payload).encode()), now=NOW)


def payload(action: object = "renamed", **changed: Any) -> dict[str, Any]:
    repository = {
        "id": 7,
        "full_name": "octo/cat",
        "archived": True,
        "updated_at": "2026-11-20T00:00:00Z",
    }
    return {"action": action, "repository": {**repository, **changed}}


def test_detail_on_bus_is_this_document() -> None:
    assert to_detail(EVENT) == {
        "version": 1,
        "deliveryId": "d-1",
        "action": "deleted",
        "repositoryName": "octo/cat",
        "receivedAt": "2026-11-23T09:00:00.000Z",
        "deletedAt": "2026-11-23T09:00:00.000Z",
        "repository": {"id": 7, "seenAt": "2026-11-20T00:00:00.000Z", "archived": True},
    }
    assert from_detail(json.loads(json.dumps(to_detail(EVENT)))) == EVENT
    assert is_detail(to_detail(EVENT))


@pytest.mark.parametrize("action", sorted(RepositoryAction))
def test_each_action_is_accepted(action: RepositoryAction) -> None:
    is_deleted = action is RepositoryAction.DELETED
    accepted = replace(EVENT, action=action, deleted_at=NOW if is_deleted else None)
    assert delivered(payload(action)) == AcceptedRepository(accepted)


def test_other_action_is_ignored() -> None:
    assert delivered(payload("starred")) == Ignored("action_ignored", "starred")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], "action_missing"),
        (payload(None), "action_missing"),
        ({"action": "renamed"}, "repository_missing"),
        (payload(id="7"), "repository_invalid"),
        (payload(full_name="cat"), "repository_invalid"),
        (payload(updated_at=None), "repository_invalid"),
        (payload(updated_at="2026-11-25T00:00:00Z"), "time_in_the_future"),
    ],
)
def test_invalid_payload_has_stable_reason(body: object, reason: str) -> None:
    with pytest.raises(WebhookError) as caught:
        delivered(body)
    assert (caught.value.status, caught.value.reason) == (422, reason)


def test_examples_of_github_are_read() -> None:
    examples = json.loads((EXAMPLES / "index.json").read_text(encoding="utf-8"))
    (of_repository,) = (one["examples"] for one in examples if one["name"] == "repository")
    found = [delivered(one) for one in of_repository]
    assert {type(one) for one in found} <= {AcceptedRepository, Ignored}
    assert {one.event.seen.id for one in found if isinstance(one, AcceptedRepository)} == {
        *(186853002, 186853261)
    }


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"version": 2}, "version_unknown"),
        ({"version": True}, "version_unknown"),
        ({"more": 1}, "detail_fields_wrong"),
        ({"deliveryId": "a b"}, "delivery_id_invalid"),
        ({"deliveryId": None}, "repository_invalid"),
        ({"repositoryName": "cat"}, "repository_invalid"),
        ({"action": "starred"}, "action_invalid"),
        ({"action": []}, "action_invalid"),
        ({"action": "renamed"}, "deleted_at_invalid"),
        ({"deletedAt": None}, "deleted_at_invalid"),
        ({"deletedAt": "now"}, "deleted_at_invalid"),
        ({"receivedAt": 1}, "received_at_invalid"),
        ({"repository": None}, "repository_id_invalid"),
    ],
)
def test_invalid_detail_has_stable_reason(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidAlertError) as caught:
        from_detail({**to_detail(EVENT), **changed})
    assert caught.value.reason == reason


def test_detail_that_is_not_an_object_is_refused() -> None:
    with pytest.raises(InvalidAlertError, match="detail_not_an_object"):
        from_detail(None)
