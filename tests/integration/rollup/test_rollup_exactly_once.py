"""Each change counts exactly once at both levels, over real table calls (moto).

After any order, repetition, batching, race or crash, the rows equal a recomputation from the
alerts, cell by cell.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from ingest.alerts.lifecycle import Alert
from ingest.origin import Origin
from ingest.terms import Branch, ClosedAs, Severity
from rollup import rollup_step
from rollup.queues import forwarding
from rollup.rows.ledger import Entry
from rollup.rows.overview_row import REPOSITORY, OverviewRow, from_items, to_items
from rollup.rows.row_key import RowKey
from rollup.stores import rollup_store, transaction
from rollup.stores.item_reader import ContentionError
from rollup.stores.rollup_store import RollupStore
from tests.support.rollup_stack import Stack, assert_exact, contents
from tests.unit.rollup.builders import DAY_MS, alert, entry

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module")
def client() -> "Iterator[DynamoDBClient]":
    with mock_aws():
        yield boto3.client("dynamodb", region_name="eu-west-1")


_DAYS = st.integers(0, 70)
_ALERTS = st.builds(
    alert,
    created=_DAYS,
    closed=st.none() | _DAYS,
    closed_as=st.sampled_from(ClosedAs),
    reopened=st.lists(_DAYS, max_size=2, unique=True).map(lambda days: tuple(sorted(days))),
    earlier=st.lists(_DAYS, max_size=3, unique=True).map(
        lambda days: tuple(pairwise(sorted(days)))
    ),
    severity=st.sampled_from(Severity),
    tool=st.sampled_from([None, "CodeQL", "Trivy"]),
    branch=st.sampled_from(Branch),
)
_REPOSITORIES = ["octo/cat", "octo/dog", "acme/app"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_order_repetition_and_batching_gives_recomputed_rows(
    client: "DynamoDBClient", data: st.DataObject
) -> None:
    stack, in_order = Stack(client), Stack(client)
    finals: dict[tuple[str, int], Alert] = {}
    entries: list[Entry] = []
    for revision, state in enumerate(data.draw(st.lists(_ALERTS, max_size=12)), start=1):
        repository = data.draw(st.sampled_from(_REPOSITORIES))
        number = data.draw(st.integers(1, 3))
        final = replace(state, facts=replace(state.facts, repository=repository))
        if before := finals.get((repository, number)):
            final = replace(final, last_change_ms=max(before.last_change_ms, final.last_change_ms))
        finals[repository, number] = final
        entries.append(entry(repository, number, revision, final))
    deliveries = data.draw(st.permutations(entries + entries[:4]))
    while deliveries:
        size = data.draw(st.integers(1, len(deliveries)))
        batch, deliveries = deliveries[:size], deliveries[size:]
        stack.repositories.apply(batch)
        if data.draw(st.booleans()):
            stack.apply_rows()
    stack.apply_rows()
    assert_exact(stack, finals)
    in_order.repositories.apply([entry(*key, 99, final) for key, final in finals.items()])
    in_order.apply_rows()
    assert contents(stack) == contents(in_order)


def test_thousand_alerts_at_once_take_at_most_25_requests(
    client: "DynamoDBClient",
) -> None:
    stack = Stack(client)
    finals = {("octo/cat", n): alert() for n in range(1, 1_001)}
    requests: list[str] = []
    client.meta.events.register(
        "before-call.dynamodb", lambda model, **_: requests.append(model.name)
    )
    images = [
        {
            "dynamodb": {
                "NewImage": {
                    "repositoryName": {"S": repository},
                    "alertID": {"N": str(number)},
                    "organisationName": {"S": "octo"},
                    "repositorySpelling": {"S": repository},
                    "spelledAt": {"S": "2026-01-01T00:00:00.000Z"},
                    "alertURL": {"S": "https://x"},
                    "state": {"S": "OPEN"},
                    "createdAt": {"S": "2026-01-01T00:00:00.000Z"},
                    "severity": {"S": "HIGH"},
                    "tool": {"S": "CodeQL"},
                    "branch": {"S": "DEFAULT"},
                    "lastEventAt": {"S": "2026-01-01T00:00:00.000Z"},
                    "revision": {"N": "1"},
                }
            }
        }
        for repository, number in finals
    ]
    stack.apply_alerts(list(forwarding.alert_messages(images)))
    assert len(requests) <= 1_000 * 0.025
    stack.apply_rows()
    assert_exact(stack, finals)


def test_racing_queue_handlers_count_each_alert_once(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    stack, finals = Stack(client), {}
    rival = stack.store(REPOSITORY, "repository")
    transact = RollupStore._transact
    raced: list[int] = []

    def race(self: RollupStore, actions: list[dict[str, Any]]) -> bool:
        if self is stack.repositories and len(raced) < 3:
            number = 100 + len(raced)
            raced.append(number)
            finals["octo/cat", number] = alert(closed=3)
            rival.apply([entry("octo/cat", number, 1, alert(closed=3))])
        return transact(self, actions)

    monkeypatch.setattr(RollupStore, "_transact", race)
    finals["octo/cat", 1] = alert()
    stack.repositories.apply([entry("octo/cat", 1, 1, alert())])
    assert len(raced) == 3
    stack.apply_rows()
    assert_exact(stack, finals)


def test_correction_from_reads_around_another_write_is_rejected(
    client: "DynamoDBClient",
) -> None:
    stack, rival = Stack(client), Stack.store
    wrong, right = entry("octo/cat", 1, 3, alert(closed=2)), entry("octo/cat", 1, 3, alert())
    stack.repositories.apply([wrong])
    store = stack.repositories
    read_before, _ = store._read([wrong.key], ())
    assert rival(stack, REPOSITORY, "repository").apply([right]) == [right]
    _, rows_after = store._read((), wrong.shares())
    write = rollup_step.step([right], ledger=read_before, rows=rows_after)
    assert write
    assert not store._transact(store._actions(write))
    assert store.apply([right]) == []
    stack.apply_rows()
    assert_exact(stack, {("octo/cat", 1): alert()})


def test_row_that_stays_busy_raises_contention(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollup_store, "pause", lambda _backoff, _attempt: None)
    monkeypatch.setattr(RollupStore, "_transact", lambda _self, _actions: False)
    with pytest.raises(ContentionError):
        Stack(client).repositories.apply([entry("octo/cat", 1, 1, alert())])


def test_retry_after_a_crash_between_writes_gives_exact_rows(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack(client)
    entries = [entry("octo/cat", n, 1, alert(created=n % 40, closed=60)) for n in range(1, 151)]
    transact, calls = RollupStore._transact, 0

    def crash(self: RollupStore, actions: list[dict[str, Any]]) -> bool:
        nonlocal calls
        calls += 1
        if calls % 2 == 0:
            raise ConnectionError
        return transact(self, actions)

    monkeypatch.setattr(RollupStore, "_transact", crash)
    for _ in range(9):
        try:
            stack.repositories.apply(entries)
        except ConnectionError:
            continue
    monkeypatch.undo()
    stack.apply_rows()
    assert_exact(stack, {("octo/cat", n): alert(created=n % 40, closed=60) for n in range(1, 151)})


def test_chunks_too_large_for_one_transaction_are_halved(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "MAX_BYTES", 20_000)
    stack = Stack(client)
    finals = {("octo/cat", n): alert(created=n) for n in range(1, 30)}
    stack.repositories.apply([entry(*key, 1, state) for key, state in finals.items()])
    stack.apply_rows()
    assert_exact(stack, finals)


def test_main_values_are_plain_attributes(client: "DynamoDBClient") -> None:
    stack = Stack(client)
    dismissed = alert(closed=4, closed_as=ClosedAs.WONT_FIX)
    stack.repositories.apply(
        [
            entry("octo/cat", 1, 1, alert()),
            entry("octo/cat", 2, 1, alert(closed=2)),
            entry("octo/cat", 3, 1, dismissed),
        ]
    )
    stack.apply_rows()
    rows = {item["period"]["S"]: item for item in stack.items("organisation")}
    month = rows["MONTH#2026-01"]
    assert {
        name: month[name]["N"]
        for name in ("openAlerts", "numberFixed", "numberManuallyClosed", "totalTimeToRemediate")
    } == {
        "openAlerts": "1",
        "numberFixed": "1",
        "numberManuallyClosed": "1",
        "totalTimeToRemediate": str(6 * DAY_MS),
    }
    assert month["meanTimeToRemediate"]["N"] == str(3 * DAY_MS)
    assert month["monthlyPeriod"]["S"] == "2026-01"
    assert rows["ALL"]["listed"]["S"] == "organisation"
    assert rows["ALL"]["lastEventAt"]["S"] == "2026-01-05T00:00:00.000Z"
    assert "monthlyPeriod" not in rows["ALL"]


def test_empty_row_round_trips() -> None:
    row = OverviewRow(RowKey("octo/cat", "ALL"), 3)
    (item,) = to_items(REPOSITORY, row)
    assert from_items(REPOSITORY, item) == row


def test_repaired_row_does_not_name_the_deliveries_of_an_earlier_write(
    client: "DynamoDBClient",
) -> None:
    stack = Stack(client)
    row = OverviewRow(RowKey("octo/cat", "ALL"), 1, origins=(Origin("before", 1),))
    assert stack.repositories.put(row)
    (item,) = stack.items("repository")
    assert "origins" not in item
