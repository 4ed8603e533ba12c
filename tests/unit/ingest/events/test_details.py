"""The details of an alert and the facts of its repository: read, shortened, and the newest kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.alert_row import AlertRow, from_item, to_item
from ingest.alerts.change import details_of as report_of
from ingest.facts.details import ActorKind, Details, DetailsReport, newest
from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.instant import to_ms
from ingest.payloads.details_object import details_of
from ingest.payloads.repository_object import seen_repository
from ingest.terms import Action, Visibility
from tests.support.alert_events import CREATED

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
ALERT: dict[str, Any] = {
    "rule": {"description": "Cross-site\n  scripting", "tags": ["security", "cwe-079", "security"]},
    "most_recent_instance": {"location": {"path": "src/page.js", "start_line": 12}},
    "dismissed_by": {"login": "octocat", "type": "User"},
}
EVENT = replace(CREATED, created_at=AT, happened_at=AT, received_at=AT, details=Details(path="a"))


def test_details_are_read_without_name_of_a_person() -> None:
    assert details_of(ALERT, keep_actors=False) == Details(
        description="Cross-site scripting",
        tags=("cwe-079", "security"),
        path="src/page.js",
        start_line=12,
        dismissed_by=ActorKind.USER,
    )


def test_login_is_read_if_actors_are_kept() -> None:
    kept = details_of(ALERT, keep_actors=True)
    assert kept is not None
    assert kept.dismisser == "octocat"
    app = {**ALERT, "dismissed_by": {"login": "renovate[bot]", "type": "Bot"}}
    of_app = details_of(app, keep_actors=True)
    assert of_app is not None
    assert (of_app.dismissed_by, of_app.dismisser) == (ActorKind.APP, None)


@pytest.mark.parametrize("value", [None, [], {}, "x", 7, {"location": 1, "tags": {}, "login": 3}])
def test_malformed_details_are_left_out(value: object) -> None:
    names = ("rule", "most_recent_instance", "dismissed_by")
    found = details_of(dict.fromkeys(names, value), keep_actors=True)
    assert found is None or found == Details(dismissed_by=ActorKind.USER)


def test_long_details_are_cut() -> None:
    long = "\N{ROCKET}" * 2_000
    found = details_of(
        {
            "rule": {"description": long, "tags": [f"{n}{long}" for n in range(100)]},
            "most_recent_instance": {"location": {"path": long, "start_line": 2**40}},
        },
        keep_actors=False,
    )
    assert found is not None
    assert (len(found.description or ""), len(found.path or "")) == (250, 250)
    assert (len(found.tags), found.start_line) == (30, None)


REPOSITORY: dict[str, Any] = {
    "id": 7,
    "full_name": "octo/cat",
    "private": True,
    "visibility": "internal",
    "archived": False,
    "topics": ["web", "api"],
    "custom_properties": {"teams": ["b", "a"], "tier": "1", "unset": None},
    "default_branch": "main",
    "updated_at": "2026-11-24T00:00:00Z",
    "pushed_at": 1_700_000_000,
}


def test_repository_is_read_with_newest_reported_time() -> None:
    assert seen_repository(REPOSITORY, times=(AT, None)) == SeenRepository(
        id=7,
        name="octo/cat",
        seen_at=datetime(2026, 11, 24, tzinfo=UTC),
        facts=RepositoryFacts(
            visibility=Visibility.INTERNAL,
            archived=False,
            topics=("api", "web"),
            properties=(("teams", ("b", "a")), ("tier", ("1",))),
            default_branch="main",
        ),
    )


@pytest.mark.parametrize(
    ("changed", "visibility"),
    [
        ({"visibility": None}, None),
        ({"visibility": None, "private": False}, Visibility.PUBLIC),
        ({"visibility": "of the future"}, None),
    ],
)
def test_visibility_is_unknown_if_object_does_not_report_it(
    changed: dict[str, Any], visibility: Visibility | None
) -> None:
    seen = seen_repository({**REPOSITORY, **changed}, times=())
    assert seen is not None
    assert seen.facts.visibility is visibility


@pytest.mark.parametrize("changed", [{"id": None}, {"id": True}, {"full_name": "cat"}])
def test_repository_without_id_or_name_is_not_seen(changed: dict[str, Any]) -> None:
    assert seen_repository({**REPOSITORY, **changed}, times=(AT,)) is None
    assert seen_repository({"id": 7, "full_name": "octo/cat"}, times=()) is None


_REPORTS = st.none() | st.builds(
    DetailsReport,
    st.integers(0, 2),
    st.builds(Details, path=st.sampled_from([None, "a", "b"]), start_line=st.integers(1, 2)),
)


@given(_REPORTS, _REPORTS, _REPORTS)
def test_newest_report_does_not_depend_on_order(
    one: DetailsReport | None, two: DetailsReport | None, three: DetailsReport | None
) -> None:
    assert newest(one, two) == newest(two, one)
    assert newest(newest(one, two), three) == newest(one, newest(two, three))
    assert newest(one, one) == one
    assert newest(one, None) == one


def test_details_count_from_time_that_github_reported() -> None:
    late = replace(EVENT, action=Action.REOPENED, received_at=AT + timedelta(days=3))
    assert report_of(late) == DetailsReport(to_ms(AT), Details(path="a"))
    untimed = replace(late, happened_at=None)
    assert report_of(untimed) == report_of(late)
    seen = replace(late, action=Action.RECONCILED)
    assert report_of(seen) == DetailsReport(to_ms(seen.received_at), Details(path="a"))
    assert report_of(replace(EVENT, details=None)) is None


def test_row_keeps_details_in_every_form() -> None:
    report = DetailsReport(to_ms(AT), Details(path="a", tags=("b",), dismissed_by=ActorKind.APP))
    item = to_item(AlertRow("octo/cat", 7, 1, frozenset(), 60, report))
    assert item["details"]["S"] == (
        '{"reportedAt":"2026-11-23T09:00:00.000Z","tags":["b"],"path":"a","dismissedBy":"app"}'
    )
    assert from_item(item).details == report
    assert from_item({k: v for k, v in item.items() if k != "details"}).details is None
