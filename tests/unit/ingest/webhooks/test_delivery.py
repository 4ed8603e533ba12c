"""Deliveries: their content types and JSON, ignored events, and the reasons of refusals."""

import hashlib
import json
from urllib.parse import urlencode

import pytest

from ingest.webhooks.delivery import Accepted, Delivery, Ignored, Ping, understand
from tests.unit.ingest.webhooks.deliveries import NOW, delivery, payload, refusal


def test_same_json_has_same_digest_in_both_content_types() -> None:
    text = json.dumps(payload())
    form = urlencode({"payload": text}).encode()
    outcomes = [
        understand(delivery(text.encode()), now=NOW),
        understand(delivery(form, content_type="application/x-www-form-urlencoded"), now=NOW),
    ]
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert [isinstance(one, Accepted) and one.event.body_digest for one in outcomes] == [digest] * 2


def test_form_content_type_is_read() -> None:
    form = urlencode({"payload": json.dumps(payload())}).encode()
    outcome = understand(delivery(form, content_type="application/x-www-form-urlencoded"), now=NOW)
    assert isinstance(outcome, Accepted)


def test_other_events_and_actions_are_ignored() -> None:
    assert understand(delivery({}, event="ping"), now=NOW) == Ping()
    assert understand(delivery({}, event="push"), now=NOW) == Ignored("event_ignored")
    for action in ("renamed", "reconciled"):
        ignored = understand(delivery(payload(action)), now=NOW)
        assert ignored == Ignored("action_ignored", action)


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_nan_and_infinity_are_refused_as_json(constant: str) -> None:
    body = json.dumps({**payload(), "note": "*"}).replace('"*"', constant).encode()
    assert refusal(delivery(body)) == (400, "body_not_json")


def test_deep_json_is_read_as_far_as_python_can() -> None:
    def nested(depth: int) -> bytes:
        body = json.dumps({**payload(), "note": "*"})
        return body.replace('"*"', "[" * depth + "]" * depth).encode()

    assert isinstance(understand(delivery(nested(500)), now=NOW), Accepted)
    assert refusal(delivery(nested(100_000))) == (400, "body_not_json")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (delivery(b"{"), (400, "body_not_json")),
        (delivery(b"\xff"), (400, "body_not_json")),
        (
            delivery(b"a=b", content_type="application/x-www-form-urlencoded"),
            (400, "body_not_json"),
        ),
        (delivery({}, content_type="text/plain"), (400, "content_type_unknown")),
        (Delivery({}, b""), (400, "event_missing")),
        (Delivery({"x-github-event": "ping"}, b"{}"), (400, "delivery_id_invalid")),
        (delivery([]), (422, "action_missing")),
        (delivery({"action": "created"}), (422, "alert_missing")),
        (delivery({"action": "created", "alert": {}}), (422, "repository_missing")),
        (delivery(payload(number=True)), (422, "alert_number_invalid")),
        (delivery(payload(number=-1)), (422, "alert_number_invalid")),
        (delivery(payload(number=22.0)), (422, "alert_number_invalid")),
        (delivery(payload(number=2**31)), (422, "alert_number_invalid")),
        (delivery(payload(number=float("nan"))), (400, "body_not_json")),
        (delivery(b'{"number":' + b"9" * 5_000 + b"}"), (400, "body_not_json")),
        (delivery(b"[" * 200_000), (400, "body_not_json")),
        (delivery("\ufeff{}".encode()), (400, "body_not_json")),
        (delivery(payload(html_url=None)), (422, "alert_url_invalid")),
        (delivery(payload(created_at="yesterday")), (422, "created_at_invalid")),
        (delivery(payload(created_at=None)), (422, "created_at_invalid")),
        (delivery(payload(updated_at=7)), (422, "updated_at_invalid")),
        (
            delivery({**payload(), "repository": {"name": "b"}}),
            (422, "repository_invalid"),
        ),
    ],
)
def test_invalid_delivery_is_refused_with_stable_reason(
    one: Delivery, expected: tuple[int, str]
) -> None:
    assert refusal(one) == expected
