"""Messages: many sources of one group, small enough for SQS, refused if nobody wrote them."""

import json
from collections.abc import Callable

import pytest

from ingest.alerts.lifecycle import EarlierClosing
from ingest.terms import Branch, ClosedAs, Severity
from rollup.message import (
    MessageError,
    RowRevision,
    pack_alerts,
    pack_rows,
    unpack_alerts,
    unpack_rows,
)
from rollup.metrics.counts import Counts
from rollup.rollup_step import newest, rows_of_entry
from rollup.rows import ledger
from rollup.rows.contribution import AlertContribution, RowContribution
from rollup.rows.ledger import Entry, alert_source, row_source
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import UNKNOWN, Spelling
from rollup.stores.transaction import chunks

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


def test_the_largest_messages_fit_and_lose_nothing() -> None:
    entries = [entry(number) for number in range(1, 451)]
    messages = list(pack_alerts(entries[0].contribution.repository, entries))  # type: ignore[union-attr]
    assert all(len(message.body.encode()) <= 262_144 for message in messages)
    assert [e for message in messages for e in unpack_alerts(message.body)] == entries
    assert len({message.group for message in messages}) == 1
    assert len({message.deduplication for message in messages}) == len(messages) == 3
    assert all(len(message.group) <= 128 for message in messages)


def test_rows_travel_as_key_and_revision() -> None:
    rows = [RowRevision(RowKey("octo/cat", "ALL"), 4)]
    (message,) = pack_rows("octo", rows)
    assert unpack_rows(message.body) == rows


@pytest.mark.parametrize("unpack", [unpack_alerts, unpack_rows])
@pytest.mark.parametrize("body", ["", "{}", "[]", '{"version":9}', '{"version":1}', "null"])
def test_a_body_that_no_forwarder_wrote_is_refused(
    unpack: Callable[[str], object], body: str
) -> None:
    with pytest.raises(MessageError):
        unpack(body)


def test_a_wrong_word_in_a_body_is_refused() -> None:
    (message,) = pack_alerts("o/r", [entry(1)])
    packed = json.loads(message.body)
    packed["alerts"][0][2][2] = "SEVERE"
    with pytest.raises(MessageError, match="malformed_message"):
        unpack_alerts(json.dumps(packed))


def test_the_newest_revision_of_a_source_is_kept() -> None:
    assert newest([entry(1, 2), entry(1, 3), entry(1, 1)]) == [entry(1, 3)]


def test_chunks_leave_nothing_out() -> None:
    entries = [entry(number) for number in range(300)]
    assert [e for chunk in chunks(entries, rows_of_entry) for e in chunk] == entries
    assert list(chunks([], rows_of_entry)) == []


def test_ledger_entries_are_read_as_they_were_written() -> None:
    key = RowKey("o/r", "ALL")
    spelled = RowContribution(key, Counts(), Spelling(1_767_225_600_000, "O/r"), 1_767_225_600_000)
    unknown = RowContribution(key, Counts(), UNKNOWN, 0)
    rows = [Entry(row_source(*key), 3, contribution) for contribution in (spelled, unknown)]
    for one in (entry(1), *rows):
        (item,) = ledger.to_items(one)
        assert ledger.from_items(item) == one
