"""Payloads: how each of their values is read, and which reasons refuse them."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import WebhookError
from ingest.events.alert_detail import from_detail, to_detail
from ingest.events.alert_event import AlertEvent
from ingest.terms import Action, ClosedAs, Ref, Severity
from ingest.webhooks.delivery import Accepted, understand
from tests.unit.ingest.webhooks.deliveries import NOW, delivery, event_of, payload, refusal


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
