"""Messages: many sources of one group, small enough for SQS, rejected if malformed."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from ingest.alerts.lifecycle import EarlierClosing
from ingest.origin import Origin
from ingest.terms import Branch, ClosedAs, Severity
from rollup.queues.message import (
    MessageError,
    pack_alerts,
    pack_rows,
    unpack_alerts,
    unpack_rows,
)
from rollup.rows.contribution import AlertContribution
from rollup.rows.ledger import Entry, alert_source
from rollup.rows.row_key import RowKey, RowRevision
from rollup.rows.spelling import Spelling

LONG = "\N{ROCKET}" * 100


def entry(number: int, revision: int = 1) -> Entry:
    contribution = AlertContribution(
        repository="o" * 100 + "/" + "r" * 100,
        spelling=Spelling(1_767_225_600_000, "O" * 100 + "/" + "R" * 100),
        created_ms=1_767_225_600_000,
        severity=Severity.CRITICAL,
        branch=Branch.DEFAULT,
        tool=LONG,
        closed_as=ClosedAs.FALSE_POSITIVE,
        closed_ms=1_767_225_700_000,
        reopened_ms=tuple(range(1_767_225_600_000, 1_767_225_600_012)),
        earlier_closings=tuple(
            EarlierClosing(ms, ms + 1) for ms in range(1_767_225_600_000, 1_767_225_600_012)
        ),
        last_event_ms=1_767_225_700_000,
    )
    return Entry(alert_source(contribution.repository, number), revision, contribution)


def test_largest_messages_fit_into_sqs_and_round_trip() -> None:
    origins = tuple(Origin(f"{number:0100}", 1_767_225_600_000) for number in range(20))
    entries = [replace(entry(number), origins=origins) for number in range(1, 451)]
    messages = list(pack_alerts(entries[0].contribution.repository, entries))  # type: ignore[union-attr]
    assert all(len(message.body.encode()) <= 262_144 for message in messages)
    assert [e for message in messages for e in unpack_alerts(message.body)] == entries
    assert len({message.group for message in messages}) == 1
    assert len({message.deduplication for message in messages}) == len(messages) == 3
    assert all(len(message.group) <= 128 for message in messages)


def test_messages_contain_origins_of_their_sources() -> None:
    origins = (Origin("d-1", 1_767_225_600_000), Origin("backfill"))
    (message,) = pack_alerts("octo/cat", [entry(1), replace(entry(2), origins=origins)])
    assert [one.origins for one in unpack_alerts(message.body)] == [(), origins]
    rows = [RowRevision(RowKey("octo/cat", "ALL"), 4, origins)]
    (message,) = pack_rows("octo", rows)
    assert unpack_rows(message.body) == rows


def test_origins_do_not_make_another_message() -> None:
    (first,) = pack_alerts("octo/cat", [entry(1)])
    (second,) = pack_alerts("octo/cat", [replace(entry(1), origins=(Origin("d"),))])
    assert first.deduplication == second.deduplication
    assert first.body != second.body
    # Code that does not know origins reads the same alerts.
    packed = json.loads(second.body)
    assert packed.pop("origins") == [[["d", None]]]
    assert packed == json.loads(first.body)


def test_origins_of_a_message_are_limited() -> None:
    origins = tuple(Origin(f"d-{number}") for number in range(20))
    (message,) = pack_alerts("octo/cat", [replace(entry(n), origins=origins) for n in range(100)])
    found = [len(one.origins) for one in unpack_alerts(message.body)]
    assert found == [10] * 30 + [0] * 70


def test_message_retracts_alerts_that_are_gone() -> None:
    gone = Entry(alert_source("octo/cat", 7), 3, None)
    (message,) = pack_alerts("octo/cat", [gone, entry(8)])
    assert json.loads(message.body)["alerts"][0] == ["7", 3, None]
    assert unpack_alerts(message.body)[0] == gone


def test_messages_of_rows_contain_keys_and_revisions() -> None:
    rows = [RowRevision(RowKey("octo/cat", "ALL"), 4)]
    (message,) = pack_rows("octo", rows)
    assert unpack_rows(message.body) == rows


@pytest.mark.parametrize("unpack", [unpack_alerts, unpack_rows])
@pytest.mark.parametrize("body", ["", "{}", "[]", '{"version":9}', '{"version":1}', "null"])
def test_malformed_body_raises(unpack: Callable[[str], object], body: str) -> None:
    with pytest.raises(MessageError):
        unpack(body)


def test_unknown_enum_value_in_a_body_raises() -> None:
    (message,) = pack_alerts("o/r", [entry(1)])
    packed = json.loads(message.body)
    packed["alerts"][0][2][2] = "SEVERE"
    malformed: list[object] = [packed["alerts"][0][2], [], 0, ""]
    for contribution in malformed:
        packed["alerts"][0][2] = contribution
        with pytest.raises(MessageError, match="malformed_message"):
            unpack_alerts(json.dumps(packed))
