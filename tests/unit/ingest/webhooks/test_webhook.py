"""Webhook deliveries: the checks and their reasons, and GitHub's own example payloads."""

import copy
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import HookRangesError, WebhookError
from ingest.events.alert_detail import from_detail, to_detail
from ingest.events.alert_event import AlertEvent
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.terms import Action, ClosedAs, Ref, Severity
from ingest.webhooks.delivery import (
    MAX_BODY_BYTES,
    Accepted,
    Delivery,
    Ignored,
    Ping,
    understand,
    verify,
)
from ingest.webhooks.signature import is_signed
from tests.support.paths import ROOT

EXAMPLES = ROOT / "node_modules" / "@octokit" / "webhooks-examples"
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


def test_alert_is_read_from_payload() -> None:
    event = event_of(payload())
    assert event.alert_id == "orgName/repoName/22"
    assert (event.severity, event.tool, event.rule) == (Severity.HIGH, "CodeQL", "js/xss")
    assert (event.action, event.ref) == (Action.CREATED, Ref.DEFAULT)


def test_organisation_is_owner_in_full_name() -> None:
    other = {**payload(), "organization": {"login": "Acme"}}
    other["repository"] = {**other["repository"], "owner": {"login": "Acme"}}
    assert event_of(other).repository == "orgName/repoName"


@pytest.mark.parametrize("name", ["repoName", "a/b/c", "/b", "a/", "a#OPEN/b", 7, None])
def test_full_name_other_than_owner_and_name_is_refused(name: object) -> None:
    wrong = payload()
    wrong["repository"]["full_name"] = name
    assert refusal(delivery(wrong)) == (422, "repository_invalid")


def test_same_json_has_same_digest_in_both_content_types() -> None:
    text = json.dumps(payload())
    form = urlencode({"payload": text}).encode()
    outcomes = [
        understand(delivery(text.encode()), now=NOW),
        understand(delivery(form, content_type="application/x-www-form-urlencoded"), now=NOW),
    ]
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert [isinstance(one, Accepted) and one.event.body_digest for one in outcomes] == [digest] * 2


@pytest.mark.parametrize(
    ("reason", "closed_as"),
    [
        ("false positive", ClosedAs.FALSE_POSITIVE),
        ("won't fix", ClosedAs.WONT_FIX),
        ("used in tests", ClosedAs.USED_IN_TESTS),
        ("mitigated", ClosedAs.MITIGATED),
        (None, ClosedAs.DISMISSED),
        ("something new", ClosedAs.DISMISSED),
    ],
)
def test_dismissal_is_read_with_reason_and_time(reason: str | None, closed_as: ClosedAs) -> None:
    dismissed = payload(
        "closed_by_user", dismissed_reason=reason, dismissed_at="2026-11-02T09:00:00.5+01:00"
    )
    event = event_of({**dismissed, "ref": ""})
    assert (event.closed_as, event.ref) == (closed_as, Ref.NONE)
    assert event.happened_at == datetime(2026, 11, 2, 8, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("action", "reason", "is_unknown"),
    [
        ("closed_by_user", "something new", True),
        ("closed_by_user", "Mitigated", False),
        ("closed_by_user", None, False),
        ("fixed", "something new", False),
    ],
)
def test_dismissal_for_unknown_reason_is_reported(
    action: str, reason: str | None, is_unknown: bool
) -> None:
    accepted = understand(delivery(payload(action, dismissed_reason=reason)), now=NOW)
    assert isinstance(accepted, Accepted)
    assert accepted.has_unknown_reason is is_unknown


def test_fix_prefers_fixed_at_to_updated_at() -> None:
    first = payload("fixed", fixed_at="2026-11-03T00:00:00Z", updated_at="2026-11-04T00:00:00Z")
    assert event_of(first).happened_at == datetime(2026, 11, 3, tzinfo=UTC)
    second = payload("fixed", fixed_at=None, updated_at="2026-11-04T00:00:00Z")
    assert event_of(second).happened_at == datetime(2026, 11, 4, tzinfo=UTC)
    assert event_of(payload("fixed")).happened_at is None


def test_reopening_of_never_updated_alert_has_no_time() -> None:
    created = payload()["alert"]["created_at"]
    assert event_of(payload("reopened", updated_at=created)).happened_at is None


@pytest.mark.parametrize("action", ["fixed", "closed_by_user"])
def test_closing_of_never_updated_alert_has_no_time(
    action: str,
) -> None:
    created = payload()["alert"]["created_at"]
    assert event_of(payload(action, updated_at=created)).happened_at is None


def test_missing_optional_facts_are_accepted() -> None:
    bare = payload(rule=None, tool=None, most_recent_instance=None)
    bare["ref"] = None
    event = event_of(bare)
    assert (event.severity, event.tool, event.rule) == (Severity.NONE, None, None)
    assert event.ref is Ref.NONE
    instance = payload(most_recent_instance={"ref": "refs/pull/1/merge"})
    instance["ref"] = ""
    assert event_of(instance).ref is Ref.OTHER


def test_characters_that_cannot_be_stored_are_removed() -> None:
    odd = payload(tool={"name": "Code\ud800QL\x00"}, rule={"id": "\udfff", "severity": "\ud800"})
    event = event_of({**odd, "note": 1e308, "more": 10**400})
    assert (event.tool, event.rule, event.severity) == ("CodeQL", None, Severity.NONE)
    json.dumps(to_detail(event), allow_nan=False).encode()


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_nan_and_infinity_are_refused_as_json(constant: str) -> None:
    body = json.dumps({**payload(), "note": "*"}).replace('"*"', constant).encode()
    assert refusal(delivery(body)) == (400, "body_not_json")


def test_long_names_are_cut_by_bytes_at_character_boundary() -> None:
    event = event_of(payload(tool={"name": "x" + "\N{ROCKET}" * 50}, rule={"id": "é" * 300}))
    assert event.tool == "x" + "\N{ROCKET}" * 24
    assert event.rule == "é" * 127
    assert from_detail(to_detail(event)) == event


@pytest.mark.parametrize("name", ["created_at", "updated_at", "fixed_at", "dismissed_at"])
def test_time_more_than_a_day_after_receipt_is_refused(name: str) -> None:
    for ahead, is_refused in (("2026-11-24T09:00:00Z", False), ("2026-11-24T09:00:01Z", True)):
        one = delivery(payload("fixed", **{name: ahead}))
        if is_refused:
            assert refusal(one) == (422, "time_in_the_future")
        else:
            assert isinstance(understand(one, now=NOW), Accepted)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/orgName/repoName/security/dependabot/22",
        "https://github.com/orgName/repoName/security/secret-scanning/22",
        "https://github.com/orgName/repoName/security/code-scanning/23",
        "https://github.com/orgName/other/security/code-scanning/22",
        "https://github.com/orgName/repoName/security/code-scanning/22/more",
        "https://github.com/?/orgName/repoName/security/code-scanning/22",
        "https://[github.com/orgName/repoName/security/code-scanning/22",
        "ftp://github.com/orgName/repoName/security/code-scanning/22",
        "/orgName/repoName/security/code-scanning/22",
    ],
)
def test_url_of_another_page_is_refused(url: str) -> None:
    assert refusal(delivery(payload(html_url=url))) == (422, "alert_url_invalid")


@pytest.mark.parametrize("host", ["github.com", "octo.ghe.com", "ghes.example.org:8443"])
def test_alert_url_is_accepted_on_any_host_in_any_case(host: str) -> None:
    url = f"https://{host}/orgname/RepoName/security/code-scanning/22"
    assert event_of(payload(html_url=url)).url == url


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
            one = delivery({**other, "action": action})
            assert refusal(one)[0] == 422


def test_open_state_means_open_on_default_branch() -> None:
    def shows(state: object, **more: Any) -> bool:
        one = payload("appeared_in_branch", state=state, **more)
        event: AlertEvent = event_of({**one, "ref": "refs/heads/feature"})
        assert event.ref is Ref.OTHER
        return event.on_default_branch

    assert shows("open")
    assert not any(shows(state) for state in (None, "fixed", "dismissed", "", 1))
    # Old payloads list the instances, and their state does not depend on a branch.
    assert not shows("open", instances=[{"ref": "refs/heads/feature", "state": "open"}])


def test_deep_json_is_read_as_far_as_python_can() -> None:
    def nested(depth: int) -> bytes:
        body = json.dumps({**payload(), "note": "*"})
        return body.replace('"*"', "[" * depth + "]" * depth).encode()

    assert isinstance(understand(delivery(nested(500)), now=NOW), Accepted)
    assert refusal(delivery(nested(100_000))) == (400, "body_not_json")


def test_form_content_type_is_read() -> None:
    form = urlencode({"payload": json.dumps(payload())}).encode()
    outcome = understand(delivery(form, content_type="application/x-www-form-urlencoded"), now=NOW)
    assert isinstance(outcome, Accepted)


def test_other_events_and_actions_are_ignored() -> None:
    assert understand(delivery({}, event="ping"), now=NOW) == Ping()
    assert understand(delivery({}, event="push"), now=NOW) == Ignored("event_ignored")
    for action in ("renamed", "reconciled"):
        ignored = understand(delivery(payload(action)), now=NOW)
        assert ignored == Ignored("action_ignored")


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


SECRET = "It's a Secret to Everybody"


def test_signature_matches_example_of_github_documentation() -> None:
    header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert is_signed(b"Hello, World!", header=header, secrets=["old", SECRET])
    for wrong in (None, "", "sha1=1", header + "0", header.upper(), "sha256=é"):
        assert not is_signed(b"Hello, World!", header=wrong, secrets=[SECRET])
    assert not is_signed(b"Hello, World!", header=header, secrets=[])


@given(st.binary(min_size=1, max_size=40), st.data())
def test_any_byte_changed_after_signing_fails_verification(
    body: bytes, data: st.DataObject
) -> None:
    header = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert is_signed(body, header=header, secrets=[SECRET])
    position = data.draw(st.integers(0, len(body) - 1))
    other = bytearray(body)
    other[position] ^= data.draw(st.integers(1, 255))
    assert not is_signed(bytes(other), header=header, secrets=[SECRET])


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Delivery({}, b"x" * (MAX_BODY_BYTES + 1)), (413, "body_too_large")),
        (Delivery({}, b"{}"), (401, "signature_missing")),
        (Delivery({"x-hub-signature-256": "sha256=0"}, b"{}"), (401, "signature_wrong")),
    ],
)
def test_unsigned_or_too_large_delivery_is_refused(
    one: Delivery, expected: tuple[int, str]
) -> None:
    with pytest.raises(WebhookError) as caught:
        verify(one, secrets=lambda: [[SECRET], ["another"]])
    assert (caught.value.status, caught.value.reason) == expected


_JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
_PATHS = [
    (),
    ("action",),
    ("ref",),
    ("alert",),
    ("repository",),
    *(("alert", name) for name in payload()["alert"]),
    ("alert", "updated_at"),
    ("alert", "rule", "severity"),
    ("alert", "tool", "name"),
    *(("repository", name) for name in payload()["repository"]),
    ("repository", "owner", "login"),
]


@given(
    st.sampled_from(sorted(set(Action) - {Action.RECONCILED})),
    st.sampled_from(_PATHS),
    _JSON_VALUES,
)
def test_any_value_at_any_path_is_read_or_refused(
    action: Action, path: tuple[str, ...], value: Any
) -> None:
    mutated: Any = {"root": copy.deepcopy(payload(action))}
    holder, name = mutated, "root"
    for step in path:
        holder, name = holder[name], step
    holder[name] = value
    try:
        understand(delivery(mutated["root"]), now=NOW)
    except WebhookError as error:
        assert error.status == 422


def examples() -> list[dict[str, Any]]:
    found = []
    for file in sorted(EXAMPLES.rglob("*.json")):
        document = json.loads(file.read_text())
        if isinstance(document, list):
            found += [
                example
                for event in document
                if event["name"] == "code_scanning_alert"
                for example in event["examples"]
            ]
    return found


def test_every_example_of_github_is_accepted() -> None:
    events = [event_of(example) for example in examples()]
    assert len(events) >= 4
    outcomes = {(e.action, e.ref, e.closed_as) for e in events}
    assert outcomes >= {
        (Action.CREATED, Ref.OTHER, None),
        (Action.FIXED, Ref.OTHER, ClosedAs.FIXED),
        (Action.CLOSED_BY_USER, Ref.NONE, ClosedAs.FALSE_POSITIVE),
        (Action.REOPENED, Ref.DEFAULT, None),
    }


def test_hook_ranges_allow_addresses_inside_them_only() -> None:
    ranges = HookRanges.parse('{"hooks":["192.30.252.0/22","2a0a:a440::/29"]}')
    allowed = ("192.30.252.1", "::ffff:192.30.255.255", "2a0a:a440::1")
    assert all(ranges.allow(address) for address in allowed)
    assert not any(ranges.allow(address) for address in ("127.0.0.1", "::1", "", "x"))
    assert HookRanges.parse(ranges.to_text()) == ranges
    assert not HookRanges.parse('{"hooks":[]}').allow("192.30.252.1")


@pytest.mark.parametrize(
    "document", ["", "[]", "{}", '{"hooks":{}}', '{"hooks":[1]}', '{"hooks":["x"]}']
)
def test_malformed_meta_document_is_refused(document: str) -> None:
    with pytest.raises(HookRangesError, match="hook_ranges_malformed"):
        HookRanges.parse(document)
