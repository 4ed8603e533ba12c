"""The AlertEvent: its invariants, and its detail on the bus, written and read."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import InvalidAlertError
from ingest.events.alert_detail import from_detail, to_detail
from ingest.events.alert_event import LONGEST_RULE, LONGEST_TOOL, AlertEvent
from ingest.facts.details import ActorKind, Details
from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.terms import Action, ClosedAs, Ref, Severity, Visibility

AT = datetime(2026, 11, 23, 9, 0, 0, 123_000, tzinfo=UTC)
EVENT = AlertEvent(
    delivery_id="0b989ba4-242f-11e5-81e1-c7b6966d2516",
    action=Action.CREATED,
    repository="orgName/repoName",
    number=22,
    url="https://github.com/orgName/repoName/security/code-scanning/22",
    created_at=AT,
    happened_at=AT,
    received_at=AT,
    closed_as=None,
    severity=Severity.HIGH,
    tool="CodeQL",
    rule="js/xss",
    ref=Ref.DEFAULT,
    on_default_branch=True,
    body_digest="0f" * 32,
    seen=SeenRepository(
        id=1296269,
        name="orgName/repoName",
        seen_at=AT,
        facts=RepositoryFacts(
            visibility=Visibility.INTERNAL,
            archived=False,
            topics=("api", "web"),
            properties=(("tier", ("1",)), ("teams", ("a", "b")))[::-1],
            default_branch="main",
        ),
    ),
    details=Details(
        description="Writing user input directly to a page allows XSS.",
        tags=("external/cwe/cwe-079", "security"),
        path="src/page.js",
        start_line=12,
        dismissed_by=ActorKind.USER,
    ),
)
VERSION_2 = {
    "version": 2,
    "deliveryId": "0b989ba4-242f-11e5-81e1-c7b6966d2516",
    "action": "created",
    "repositoryName": "orgName/repoName",
    "alertID": 22,
    "alertURL": "https://github.com/orgName/repoName/security/code-scanning/22",
    "createdAt": "2026-11-23T09:00:00.123Z",
    "happenedAt": "2026-11-23T09:00:00.123Z",
    "receivedAt": "2026-11-23T09:00:00.123Z",
    "closedAt": None,
    "closedAs": None,
    "severity": "HIGH",
    "tool": "CodeQL",
    "rule": "js/xss",
    "ref": "DEFAULT",
    "onDefaultBranch": True,
    "bodyDigest": "0f" * 32,
}
MANUAL = frozenset(ClosedAs) - {ClosedAs.FIXED}
OPENING = frozenset(Action) - {Action.FIXED, Action.CLOSED_BY_USER, Action.RECONCILED}


def reason_of(**changes: Any) -> str:
    with pytest.raises(InvalidAlertError) as caught:
        replace(EVENT, **changes)
    return caught.value.reason


def refusal_of(detail: object) -> str:
    with pytest.raises(InvalidAlertError) as caught:
        from_detail(detail)
    return caught.value.reason


def test_detail_on_bus_is_this_document() -> None:
    assert to_detail(EVENT) == VERSION_2 | {
        "version": 3,
        "repository": {
            "id": 1296269,
            "seenAt": "2026-11-23T09:00:00.123Z",
            "visibility": "internal",
            "archived": False,
            "topics": ["api", "web"],
            "customProperties": {"teams": ["a", "b"], "tier": ["1"]},
            "defaultBranch": "main",
        },
        "details": {
            "description": "Writing user input directly to a page allows XSS.",
            "tags": ["external/cwe/cwe-079", "security"],
            "path": "src/page.js",
            "startLine": 12,
            "dismissedBy": "user",
        },
    }
    assert from_detail(json.loads(json.dumps(to_detail(EVENT)))) == EVENT


def test_detail_of_version_2_is_read_without_repository_and_details() -> None:
    assert from_detail(VERSION_2) == replace(EVENT, seen=None, details=None)


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("repository", {"id": True}, "repository_id_invalid"),
        ("repository", {"id": "7"}, "repository_id_invalid"),
        ("repository", {"id": 2**53}, "repository_id_invalid"),
        ("repository", {"seenAt": "now"}, "repository_seen_at_invalid"),
        ("repository", {"seenAt": None}, "repository_seen_at_invalid"),
        ("repository", {"visibility": "secret"}, "repository_facts_invalid"),
        ("repository", {"archived": 1}, "repository_facts_invalid"),
        ("repository", {"topics": ["web", "api"]}, "repository_facts_invalid"),
        ("repository", {"topics": [1]}, "repository_facts_invalid"),
        ("repository", {"topics": [f"{n:02}" for n in range(21)]}, "repository_facts_invalid"),
        ("repository", {"customProperties": {"a": [""]}}, "repository_facts_invalid"),
        ("repository", {"customProperties": ["a"]}, "repository_facts_invalid"),
        ("repository", {"defaultBranch": "b" * 256}, "repository_facts_invalid"),
        ("details", {"description": "d" * 1_001}, "details_invalid"),
        ("details", {"description": 1}, "details_invalid"),
        ("details", {"path": "\n"}, "details_invalid"),
        ("details", {"tags": ["b", "a"]}, "details_invalid"),
        ("details", {"tags": [f"{n:02}" for n in range(31)]}, "details_invalid"),
        ("details", {"startLine": 0}, "details_invalid"),
        ("details", {"startLine": 1.5}, "details_invalid"),
        ("details", {"dismissedBy": "robot"}, "details_invalid"),
    ],
)
def test_wrong_fact_in_detail_is_refused(name: str, values: object, reason: str) -> None:
    detail: dict[str, Any] = to_detail(EVENT)
    assert refusal_of({**detail, name: {**detail[name], **dict(values)}}) == reason  # type: ignore[call-overload]
    assert refusal_of({**detail, name: []}).startswith(name)


def test_repository_of_another_name_is_refused() -> None:
    assert reason_of(repository="orgName/other") == "repository_differs"


CLOSINGS = st.one_of(
    st.tuples(st.sampled_from(sorted(OPENING)), st.none(), st.none()),
    st.tuples(st.just(Action.FIXED), st.just(ClosedAs.FIXED), st.none()),
    st.tuples(st.just(Action.CLOSED_BY_USER), st.sampled_from(sorted(MANUAL)), st.none()),
    st.tuples(st.just(Action.RECONCILED), st.none(), st.none()),
    st.tuples(st.just(Action.RECONCILED), st.sampled_from(ClosedAs), st.none() | st.just(AT)),
)


@given(
    CLOSINGS,
    st.none() | st.just(AT),
    st.sampled_from(Ref),
    st.none() | st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=25),
)
def test_detail_is_read_back_as_same_event(
    closing: tuple[Action, ClosedAs | None, datetime | None],
    happened_at: datetime | None,
    ref: Ref,
    label: str | None,
) -> None:
    action, closed_as, closed_at = closing
    event = replace(
        EVENT,
        action=action,
        closed_as=closed_as,
        closed_at=closed_at,
        happened_at=happened_at,
        ref=ref,
        tool=label,
        rule=label,
    )
    assert from_detail(json.loads(json.dumps(to_detail(event)))) == event


def test_closed_as_is_accepted_for_closings_only() -> None:
    for action in sorted(OPENING):
        assert reason_of(action=action, closed_as=ClosedAs.FIXED) == "closed_as_invalid"
    assert reason_of(action=Action.FIXED) == "closed_as_invalid"
    assert reason_of(action=Action.FIXED, closed_as=ClosedAs.WONT_FIX) == "closed_as_invalid"
    by_user = Action.CLOSED_BY_USER
    assert reason_of(action=by_user) == "closed_as_invalid"
    assert reason_of(action=by_user, closed_as=ClosedAs.FIXED) == "closed_as_invalid"


def test_closed_at_is_accepted_for_closed_reconciled_alert_only() -> None:
    fixed = {"action": Action.FIXED, "closed_as": ClosedAs.FIXED}
    assert reason_of(**fixed, closed_at=AT) == "closed_at_invalid"
    assert reason_of(action=Action.RECONCILED, closed_at=AT) == "closed_at_invalid"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("delivery_id", "", "delivery_id_invalid"),
        ("delivery_id", "a\nb", "delivery_id_invalid"),
        ("delivery_id", "d" * 101, "delivery_id_invalid"),
        ("repository", "a#OPEN/b", "repository_invalid"),
        ("repository", "o" * 101 + "/b", "repository_invalid"),
        ("repository", "repoName", "repository_invalid"),
        ("repository", "a/b/c", "repository_invalid"),
        ("repository", "a/" + "b" * 101, "repository_invalid"),
        ("number", 0, "alert_number_invalid"),
        ("number", True, "alert_number_invalid"),
        ("number", 1.0, "alert_number_invalid"),
        ("number", 2**31, "alert_number_invalid"),
        ("url", "javascript:alert(1)", "alert_url_invalid"),
        ("url", "https://a b", "alert_url_invalid"),
        ("url", "https://" + "a" * 2001, "alert_url_invalid"),
        ("created_at", AT.replace(tzinfo=None), "created_at_invalid"),
        ("created_at", AT.astimezone(timezone(timedelta(hours=1))), "created_at_invalid"),
        ("happened_at", AT + timedelta(microseconds=1), "happened_at_invalid"),
        ("received_at", AT.replace(tzinfo=None), "received_at_invalid"),
        ("tool", "", "tool_invalid"),
        ("tool", "t" * (LONGEST_TOOL + 1), "tool_invalid"),
        ("rule", "a\0b", "rule_invalid"),
        ("rule", "\ud800", "rule_invalid"),
        ("rule", "r" * (LONGEST_RULE + 1), "rule_invalid"),
        ("tool", "\N{ROCKET}" * 26, "tool_invalid"),
        ("body_digest", "0F" * 32, "body_digest_invalid"),
    ],
)
def test_wrong_value_is_refused_with_name_of_its_field(
    field: str, value: object, reason: str
) -> None:
    assert reason_of(**{field: value}) == reason


def test_longest_names_fit_every_key_of_tables() -> None:
    longest = replace(EVENT, repository="o" * 100 + "/" + "r" * 100, seen=None)
    assert len(f"{longest.repository}#CLOSED".encode()) < 1024


@pytest.mark.parametrize("detail", [None, [], "x", 1])
def test_detail_that_is_not_an_object_is_refused(detail: object) -> None:
    assert refusal_of(detail) == "detail_not_an_object"


def test_detail_of_unknown_version_is_refused() -> None:
    for version in (0, 4, True, "2", [2], None):
        assert refusal_of({**to_detail(EVENT), "version": version}) == "version_unknown"
    assert refusal_of({}) == "version_unknown"


def test_detail_of_version_1_is_read_without_organisation() -> None:
    detail: dict[str, Any] = {**VERSION_2, "version": 1, "organisationName": "another"}
    assert refusal_of(detail) == "detail_fields_wrong"
    del detail["bodyDigest"], detail["onDefaultBranch"]
    event = from_detail(detail)
    assert event == replace(
        EVENT, body_digest=None, on_default_branch=False, seen=None, details=None
    )
    assert event.identity == EVENT.delivery_id
    # Version 1 cut names by characters, not by bytes.
    rockets = "\N{ROCKET}" * 100
    longer = from_detail({**detail, "tool": rockets, "rule": rockets})
    assert (longer.tool, longer.rule) == (rockets[:25], rockets[:63])


@pytest.mark.parametrize("field", sorted(set(to_detail(EVENT)) - {"version"}))
def test_detail_has_exactly_the_fields_of_its_version(field: str) -> None:
    detail = to_detail(EVENT)
    del detail[field]
    assert refusal_of(detail) == "detail_fields_wrong"
    assert refusal_of({**to_detail(EVENT), f"{field}2": 1}) == "detail_fields_wrong"


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("deliveryId", "delivery_id_invalid"),
        ("action", "action_invalid"),
        ("repositoryName", "repository_invalid"),
        ("alertID", "alert_number_invalid"),
        ("alertURL", "alert_url_invalid"),
        ("createdAt", "created_at_invalid"),
        ("happenedAt", "happened_at_invalid"),
        ("receivedAt", "received_at_invalid"),
        ("closedAt", "closed_at_invalid"),
        ("closedAs", "closed_as_invalid"),
        ("severity", "severity_invalid"),
        ("tool", "tool_invalid"),
        ("rule", "rule_invalid"),
        ("ref", "ref_invalid"),
        ("onDefaultBranch", "on_default_invalid"),
        ("bodyDigest", "body_digest_invalid"),
    ],
)
def test_wrong_field_of_detail_is_refused_with_its_name(field: str, reason: str) -> None:
    wrongs: tuple[object, ...] = ([], {}, 1.5, "", "\n")
    for wrong in wrongs:
        assert refusal_of({**to_detail(EVENT), field: wrong}) == reason
