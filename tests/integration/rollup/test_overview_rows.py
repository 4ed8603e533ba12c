"""Stored overview rows: one row for each name, out of all indexes when empty."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from ingest.alerts.lifecycle import Alert
from ingest.events.alert_event import AlertEvent
from ingest.terms import Action, ClosedAs
from rollup.metrics.counts import Outcome
from rollup.queues import forwarding
from rollup.rows.overview_row import ORGANISATION, REPOSITORY
from rollup.rows.row_key import RowKey
from rollup.stores.rollup_store import RollupStore
from rollup.stores.transaction import MAX_ITEMS
from tests.support.rollup_stack import Stack, assert_exact
from tests.unit.rollup.builders import alert, entry, event

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

INDEX_KEYS = {"monthlyPeriod", "listed"}


@pytest.fixture(scope="module")
def client() -> "Iterator[DynamoDBClient]":
    with mock_aws():
        yield boto3.client("dynamodb", region_name="eu-west-1")


def rows(stack: Stack, name: str) -> dict[str, dict[str, Any]]:
    return {item["period"]["S"]: item for item in stack.items(name)}


def spelled(one: AlertEvent, name: str) -> AlertEvent:
    return replace(one, repository=name)


def test_two_spellings_of_a_name_share_a_row_with_the_newest_spelling(
    client: "DynamoDBClient",
) -> None:
    stack = Stack(client)
    stack.recorder.record(event("acme/web", 1, Action.CREATED, created=1, at=1))
    stack.catch_up()
    stack.recorder.record(event("Acme/Web", 2, Action.CREATED, created=40, at=40))
    stack.catch_up()
    for level, name, key, newest in (
        (REPOSITORY, "repository", "acme/web", "Acme/Web"),
        (ORGANISATION, "organisation", "acme", "Acme"),
    ):
        assert {row.name for row in stack.rows(level, name)} == {key}
        found = {
            period: item[level.spelling_attribute]["S"]
            for period, item in rows(stack, name).items()
        }
        assert found["ALL"] == found["MONTH#2026-02"] == newest
        assert found["MONTH#2026-01"] == newest.lower()
        assert rows(stack, name)["ALL"]["openAlerts"]["N"] == "2"
    assert {item["source"]["S"] for item in stack.items("ledger")} == {
        "alerts#acme/web",
        "rows#acme/web",
    }


def test_new_spelling_rewrites_rows_of_the_alert_without_changed_counts(
    client: "DynamoDBClient",
) -> None:
    stack = Stack(client)
    created = event("acme/web", 1, Action.CREATED, created=1, at=1)
    stack.recorder.record(created)
    stack.catch_up()
    later = replace(created, action=Action.APPEARED_IN_BRANCH, happened_at=None, delivery_id="x")
    stack.recorder.record(spelled(replace(later, body_digest="ab" * 32), "ACME/web"))
    stack.catch_up()
    assert rows(stack, "repository")["DAY#2026-01-02"]["repositorySpelling"]["S"] == "acme/web"
    reopened = event("ACME/web", 1, Action.REOPENED, created=1, at=2)
    stack.recorder.record(spelled(replace(reopened, action=Action.APPEARED_IN_BRANCH), "ACME/web"))
    stack.catch_up()
    for name, shown in (("repository", "ACME/web"), ("organisation", "ACME")):
        for item in rows(stack, name).values():
            assert item[f"{name}Spelling"]["S"] == shown


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(["acme/web", "Acme/Web", "ACME/web"]), st.integers(1, 3)),
        min_size=1,
        max_size=6,
    ),
    st.data(),
)
def test_spelling_of_all_row_does_not_depend_on_the_order(
    client: "DynamoDBClient", spellings: list[tuple[str, int]], data: st.DataObject
) -> None:
    events = [
        event(name, number, Action.APPEARED_IN_BRANCH, created=number, at=9 + day)
        for day, (name, number) in enumerate(spellings)
    ]
    whole = []
    for order in (events, data.draw(st.permutations(events))):
        stack = Stack(client)
        for one in order:
            stack.recorder.record(one)
            if data.draw(st.booleans()):
                stack.catch_up()
        stack.catch_up()
        whole.append([rows(stack, name)["ALL"] for name in ("repository", "organisation")])
        assert {item["repositoryName"]["S"] for item in stack.items("repository")} == {"acme/web"}
    for one, other in zip(*whole, strict=True):
        left_out: dict[str, Any] = {"revision": {}, "origins": {}}
        assert {**one, **left_out} == {**other, **left_out}
        shown = (one.get("repositorySpelling") or one["organisationSpelling"])["S"]
        assert spellings[-1][0].startswith(shown)


def test_row_that_becomes_empty_keeps_its_revision_and_leaves_all_indexes(
    client: "DynamoDBClient",
) -> None:
    stack = Stack(client)
    for revision, closed in enumerate((5, 40), start=1):
        stack.repositories.apply([entry("octo/cat", 1, revision, alert(closed=closed))])
        stack.apply_rows()
    for name in ("repository", "organisation"):
        stored = rows(stack, name)
        empty = stored["DAY#2026-01-06"]
        assert empty["revision"]["N"] == "2"
        key = "organisationName" if name == "repository" else "repositoryName"
        assert not (INDEX_KEYS | {key}) & empty.keys()
        assert stored["DAY#2026-02-10"]["revision"]["N"] == "1"
        assert "monthlyPeriod" in stored["MONTH#2026-02"]
    assert_exact(stack, {("octo/cat", 1): alert(closed=40)})
    stack.repositories.apply([entry("octo/cat", 1, 3, alert(closed=5))])
    stack.apply_rows()
    assert rows(stack, "organisation")["DAY#2026-01-06"]["revision"]["N"] == "3"
    assert_exact(stack, {("octo/cat", 1): alert(closed=5)})


def test_changes_of_an_alert_never_created_are_not_forwarded(
    client: "DynamoDBClient",
) -> None:
    stack = Stack(client)
    closing = event("octo/cat", 1, Action.FIXED, at=3, closed_as=ClosedAs.FIXED)
    stack.recorder.record(closing)
    images = [{"dynamodb": {"NewImage": item}} for item in stack.items("events")]
    assert len(images) == 1
    assert list(forwarding.alert_messages(images)) == []


def test_alert_with_changed_history_is_applied_in_two_transactions(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    def past(first: int) -> Alert:
        days = range(first, first + 48 * 62, 62)
        pairs = tuple(zip(days[::4], days[1::4], strict=True))
        return alert(closed=3_999, earlier=pairs, reopened=tuple(days[2::4]))

    sizes: list[int] = []
    transact = RollupStore._transact

    def noted(self: RollupStore, actions: list[dict[str, Any]]) -> bool:
        sizes.append(len(actions))
        return transact(self, actions)

    monkeypatch.setattr(RollupStore, "_transact", noted)
    stack = Stack(client)
    for revision, first in enumerate((0, 31), start=1):
        stack.repositories.apply([entry("octo/cat", 1, revision, past(first))])
        stack.apply_rows()
        assert_exact(stack, {("octo/cat", 1): past(first)})
    assert max(sizes) <= MAX_ITEMS
    row = stack.rows(REPOSITORY, "repository")[RowKey("octo/cat", "ALL")]
    assert row.counts.count({Outcome.LEFT}) == row.counts.count({Outcome.RETURNED}) == 12
