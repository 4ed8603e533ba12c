"""Recording events in All Events (moto): once, in any order, and before the creation arrives."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from ingest import recorder_handler
from ingest.alerts.alert_key import key
from ingest.alerts.alert_row import AlertRow
from ingest.alerts.alert_store import AlertStore
from ingest.alerts.change import ENTERING_ACTIONS, origin_of
from ingest.events import repository_event
from ingest.events.alert_detail import to_detail
from ingest.events.alert_event import AlertEvent
from ingest.events.repository_event import RepositoryAction, RepositoryEvent
from ingest.facts.details import Details, DetailsReport
from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.instant import to_ms
from ingest.recording import next_row
from ingest.recording.next_row import RecordingError
from ingest.recording.recorder import Recorded, Recorder
from ingest.repositories.repository_store import RepositoryStore
from ingest.terms import Action, AlertState, ClosedAs, Ref, Severity
from tests.support.lambda_context import CONTEXT
from tests.support.metric_lines import metric, metrics_in

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CREATED = AlertEvent(
    delivery_id="1",
    action=Action.CREATED,
    repository="octo/cat",
    number=7,
    url="https://github.com/octo/cat/security/code-scanning/7",
    created_at=NOW,
    happened_at=NOW,
    received_at=NOW,
    closed_as=None,
    severity=Severity.HIGH,
    tool="CodeQL",
    rule=None,
    ref=Ref.DEFAULT,
)
FIXED = replace(CREATED, action=Action.FIXED, closed_as=ClosedAs.FIXED, delivery_id="2")
REOPENED = replace(CREATED, action=Action.REOPENED, delivery_id="3")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> "Iterator[DynamoDBClient]":
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("ALL_EVENTS_TABLE", "events")
    monkeypatch.setenv("REPOSITORIES_TABLE", "repositories")
    monkeypatch.setenv("UNKNOWN_CHANGES_DAYS", "90")
    monkeypatch.setenv("STACK_NAME", "Gcsmttr")
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="events",
            KeySchema=[
                {"AttributeName": "repositoryName", "KeyType": "HASH"},
                {"AttributeName": "alertID", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "repositoryName", "AttributeType": "S"},
                {"AttributeName": "alertID", "AttributeType": "N"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        client.create_table(
            TableName="repositories",
            KeySchema=[{"AttributeName": "repository", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "repository", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client
    recorder_handler._recorder.cache_clear()
    recorder_handler._repositories.cache_clear()


def new_recorder(client: "DynamoDBClient", **options: Any) -> Recorder:
    return Recorder(
        client,
        alerts=AlertStore(client, table="events"),
        repositories=RepositoryStore(client, table="repositories"),
        **options,
    )


def row_of(client: "DynamoDBClient", repository: str = "octo/cat", number: int = 7) -> AlertRow:
    row = AlertStore(client, table="events").read(repository, number)
    assert row is not None
    return row


def item_of(client: "DynamoDBClient") -> dict[str, Any]:
    (item,) = client.scan(TableName="events")["Items"]
    return item


def test_change_without_creation_stores_only_changes_and_expiry(
    client: "DynamoDBClient",
) -> None:
    recorder = new_recorder(client, unknown_changes_days=3, clock=lambda: 1_000.9)
    assert [recorder.record(FIXED), recorder.record(FIXED)] == [Recorded.KEPT, Recorded.UNCHANGED]
    row = row_of(client)
    assert row.alert is None
    item = item_of(client)
    named = {"repositoryName", "alertID", "changes", "revision", "expiresAt", "origins"}
    assert set(item) == named
    assert item["expiresAt"] == {"N": str(1_000 + 3 * 86_400)}


def test_further_change_without_creation_extends_expiry(
    client: "DynamoDBClient",
) -> None:
    now = [0.0]
    recorder = new_recorder(client, unknown_changes_days=1, clock=lambda: now[0])
    recorder.record(FIXED)
    now[0] = 500
    assert recorder.record(REOPENED) is Recorded.KEPT
    assert item_of(client)["expiresAt"] == {"N": str(500 + 86_400)}


@pytest.mark.parametrize("action", sorted(ENTERING_ACTIONS))
def test_creation_applies_kept_changes_and_removes_expiry(
    client: "DynamoDBClient", action: Action
) -> None:
    recorder = new_recorder(client)
    later = replace(FIXED, happened_at=NOW + timedelta(minutes=1))
    entering = replace(CREATED, action=action)
    assert [recorder.record(one) for one in (later, entering)] == [Recorded.KEPT, Recorded.STORED]
    item = item_of(client)
    assert (item["state"], item["revision"]) == ({"S": "CLOSED"}, {"N": "2"})
    assert "expiresAt" not in item


def test_row_that_expires_between_read_and_write_is_created_again(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = new_recorder(client)
    recorder.record(FIXED)
    read, expiring = AlertStore.read, [key("octo/cat", 7)]

    def overtaken(self: AlertStore, repository: str, number: int) -> AlertRow | None:
        row = read(self, repository, number)
        if expiring:
            client.delete_item(TableName="events", Key=expiring.pop())
        return row

    monkeypatch.setattr(AlertStore, "read", overtaken)
    assert recorder.record(CREATED) is Recorded.STORED
    item = item_of(client)
    assert (item["state"], item["revision"]) == ({"S": "OPEN"}, {"N": "1"})


def test_two_spellings_of_repository_share_one_row(client: "DynamoDBClient") -> None:
    recorder = new_recorder(client)
    newer = replace(FIXED, repository="Octo/Cat", happened_at=NOW + timedelta(days=1))
    for event in (newer, CREATED):
        recorder.record(event)
    item = item_of(client)
    assert (item["repositoryName"]["S"], item["repositorySpelling"]["S"]) == (
        "octo/cat",
        "Octo/Cat",
    )


def history(repository: str) -> list[AlertEvent]:
    """Events of three alerts: with reopenings, and without a creation for two of them."""
    days = [NOW + timedelta(days=number) for number in range(6)]
    events: list[AlertEvent] = []
    for number in (1, 2, 3):
        one = replace(CREATED, repository=repository, number=number)
        life = [
            (Action.CREATED, days[0]),
            (Action.FIXED, days[1]),
            (Action.REOPENED, days[2]),
            (Action.CLOSED_BY_USER, days[3]),
            (Action.REOPENED_BY_USER, None),
            (Action.FIXED, days[4]),
        ]
        events += [
            replace(
                one,
                delivery_id=f"{number}-{position}",
                action=action,
                happened_at=at,
                received_at=days[5],
                closed_as=CLOSED_AS.get(action),
                repository=repository.title() if action is Action.FIXED else repository,
                details=Details(path=f"{position}") if position % 2 else None,
            )
            for position, (action, at) in enumerate(life[number - 1 : number + 3])
        ]
    return events


CLOSED_AS = {Action.FIXED: ClosedAs.FIXED, Action.CLOSED_BY_USER: ClosedAs.WONT_FIX}
_SHUFFLES = count()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_histories_in_any_order_with_duplicates_give_same_rows(
    client: "DynamoDBClient", data: st.DataObject
) -> None:
    left_out = {"revision", "origins"}

    def rows_after(events: Sequence[AlertEvent], name: str) -> list[dict[str, Any]]:
        recorder = new_recorder(client, clock=lambda: 0)
        for event in events:
            recorder.record(event)
        values = {":r": {"S": name}}
        found = client.query(
            TableName="events",
            KeyConditionExpression="repositoryName = :r",
            ExpressionAttributeValues=values,
        )["Items"]
        return [{name: item[name] for name in item.keys() - left_out} for item in found]

    def renamed(rows: list[dict[str, Any]], name: str) -> str:
        return repr([sorted(row.items()) for row in rows]).lower().replace(name, "name")

    first, second = (f"octo/cat-{next(_SHUFFLES)}" for _ in range(2))
    events = history(second)
    order = data.draw(st.permutations(events + events[::3]))
    in_order, shuffled = rows_after(history(first), first), rows_after(order, second)
    assert renamed(in_order, first) == renamed(shuffled, second)
    assert [row.get("state", {"S": None})["S"] for row in shuffled] == ["CLOSED", None, None]


def test_event_without_details_keeps_those_of_its_first_delivery(client: "DynamoDBClient") -> None:
    recorder = new_recorder(client)
    detailed = replace(CREATED, details=Details(path="a"))
    outcomes = [recorder.record(e) for e in (CREATED, detailed, CREATED, FIXED, detailed)]
    assert outcomes == [
        *(Recorded.STORED, Recorded.STORED, Recorded.UNCHANGED, Recorded.STORED),
        Recorded.UNCHANGED,
    ]
    row = row_of(client)
    assert row.details == DetailsReport(to_ms(NOW), Details(path="a"))


def test_event_is_stored_once(client: "DynamoDBClient") -> None:
    recorder = new_recorder(client)
    assert [recorder.record(e) for e in (CREATED, FIXED, CREATED, FIXED)] == [
        Recorded.STORED,
        Recorded.STORED,
        Recorded.UNCHANGED,
        Recorded.UNCHANGED,
    ]
    row = row_of(client)
    assert row.alert is not None
    assert (row.revision, row.alert.state) == (2, AlertState.CLOSED)


def test_write_conflict_is_retried_without_losing_a_change(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder, rival = new_recorder(client), new_recorder(client)
    recorder.record(CREATED)
    read, rivals = AlertStore.read, [FIXED]

    def overtaken(self: AlertStore, repository: str, number: int) -> AlertRow | None:
        row = read(self, repository, number)
        if self is recorder._alerts and rivals:
            rival.record(rivals.pop())
        return row

    monkeypatch.setattr(AlertStore, "read", overtaken)
    dismissed = replace(
        FIXED, action=Action.CLOSED_BY_USER, closed_as=ClosedAs.WONT_FIX, ref=Ref.NONE
    )
    assert recorder.record(dismissed) is Recorded.STORED
    row = row_of(client)
    assert (row.revision, len(row.changes)) == (3, 3)


def test_number_of_changes_of_alert_is_limited(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(next_row, "MAX_CHANGES", 1)
    recorder = new_recorder(client)
    recorder.record(CREATED)
    with pytest.raises(RecordingError, match="too_many_changes"):
        recorder.record(FIXED)


def test_changes_are_refused_before_they_exceed_item_size(
    client: "DynamoDBClient",
) -> None:
    recorder = new_recorder(client)

    def long(number: int) -> AlertEvent:
        at = NOW + timedelta(minutes=number)
        url = f"https://{number:0>1950}.example.org/octo/cat/security/code-scanning/7"
        tool, rule = f"{number:\N{ROCKET}>25}", f"{number:\N{ROCKET}>63}"
        return replace(CREATED, happened_at=at, url=url, tool=tool, rule=rule)

    def record_until_refused() -> int:
        for number in range(10, 1_000):
            try:
                recorder.record(long(number))
            except RecordingError as error:
                assert error.reason == "too_many_changes"
                return number
        pytest.fail("nothing was refused")

    assert record_until_refused() > 100
    whole = sum(len(name) + len(str(value).encode()) for name, value in item_of(client).items())
    assert whole < 350_000
    assert recorder.record(long(10)) is Recorded.UNCHANGED


def test_lasting_write_conflict_raises_error(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr("ingest.tables.conditional_writes.transact", lambda *_: False)
    with pytest.raises(RecordingError, match="write_contention"):
        new_recorder(client).record(CREATED)


@pytest.mark.usefixtures("client")
def test_recorder_returns_outcome_of_event() -> None:
    outcomes = [recorder_handler.handler(to_detail(e), CONTEXT) for e in (FIXED, CREATED)]
    assert outcomes == [{"outcome": "kept"}, {"outcome": "stored"}]


def test_recorder_counts_outcomes_and_measures_the_lag(
    client: "DynamoDBClient", capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    late = replace(FIXED, happened_at=now - timedelta(minutes=5), delivery_id="late")
    for one in (FIXED, CREATED, late, late):
        recorder_handler.handler(to_detail(one), CONTEXT)
    found = metrics_in(capsys.readouterr().out)
    *_, lag = found.pop(metric("Lag", level="alert"))
    assert 300_000 <= lag < 330_000
    assert found == {
        metric("Kept", level="alert"): [1],
        metric("Applied", level="alert"): [1, 1],
        metric("Duplicates", level="alert"): [1],
    }
    assert row_of(client).origins == (origin_of(late),)


def test_failure_of_the_recorder_names_the_delivery(
    client: "DynamoDBClient", caplog: pytest.LogCaptureFixture
) -> None:
    client.delete_table(TableName="events")
    with pytest.raises(ClientError):
        recorder_handler.handler(to_detail(CREATED), CONTEXT)
    (line,) = caplog.records
    assert line.message == "not recorded"
    assert line.delivery == CREATED.delivery_id  # type: ignore[attr-defined]


def test_row_names_the_events_that_take_effect_with_the_last_one(
    client: "DynamoDBClient",
) -> None:
    def origins_after(event: AlertEvent) -> list[str]:
        new_recorder(client).record(event)
        return [one.delivery for one in row_of(client).origins]

    reopened = replace(CREATED, action=Action.REOPENED, happened_at=NOW + timedelta(9))
    assert origins_after(replace(FIXED, delivery_id="early")) == ["early"]
    assert origins_after(replace(CREATED, delivery_id="creation")) == ["early", "creation"]
    assert origins_after(replace(reopened, delivery_id="last")) == ["last"]
    assert origins_after(replace(reopened, delivery_id="again")) == ["last"]


def test_recorder_observes_repositories(client: "DynamoDBClient") -> None:
    repository = SeenRepository(
        id=7, name="octo/cat", seen_at=NOW, facts=RepositoryFacts(archived=False)
    )
    recorder_handler.handler(to_detail(replace(CREATED, seen=repository)), CONTEXT)
    archived = replace(repository, seen_at=NOW + timedelta(1), facts=RepositoryFacts(archived=True))
    event = RepositoryEvent(
        delivery_id="d", action=RepositoryAction.ARCHIVED, seen=archived, received_at=NOW
    )
    outcome = recorder_handler.handler(repository_event.to_detail(event), CONTEXT)
    assert outcome == {"outcome": "observed"}
    known = RepositoryStore(client, table="repositories").read(7)
    assert known is not None
    assert known.facts["archived"].value == "true"
