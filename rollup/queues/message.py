"""The messages of the two FIFO queues: many sources of one group, packed into one body.

Owns their JSON, and the group and deduplication IDs that SQS needs. A message about alerts contains
their contributions. A message about repository rows contains only keys and revisions, since a row
can be larger than a message; the organisation queue handler reads the rows. Pure.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from rollup.errors import RollupError
from rollup.rows.contribution import AlertContribution
from rollup.rows.ledger import Entry, alert_source
from rollup.rows.row_key import RowKey, RowRevision

_VERSION = 2
_T = TypeVar("_T")

MAX_SOURCES = 150
"""The most sources in one message. With names of the greatest length it is below SQS's 256 KiB."""


class MessageError(RollupError):
    """A malformed message body, with a stable `reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """An SQS message.

    `group` is the group in which SQS keeps the order. SQS drops a message if it received one with
    the same `deduplication` within five minutes.
    """

    body: str
    group: str
    deduplication: str


def pack_alerts(repository: str, entries: Sequence[Entry]) -> Iterator[Message]:
    """Yield the messages for a repository's overview, from one entry for each changed alert."""
    for batch in _batches(entries):
        sources = [[entry.key.part, entry.revision, _packed_contribution(entry)] for entry in batch]
        yield _message(repository, {"repository": repository, "alerts": sources})


def unpack_alerts(body: str) -> list[Entry]:
    """Return the entries of a body that `pack_alerts` wrote. Raises MessageError."""
    try:
        packed = json.loads(body)
        _check_version(packed["version"])
        repository = packed["repository"]
        return [
            Entry(
                alert_source(repository, int(number)),
                int(revision),
                None
                if contribution is None
                else AlertContribution.from_list(repository, contribution),
            )
            for number, revision, contribution in packed["alerts"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise MessageError("malformed_message") from error


def _packed_contribution(entry: Entry) -> list[object] | None:
    """Return the contribution of an alert, or None if the alert is gone."""
    if isinstance(entry.contribution, AlertContribution):
        return entry.contribution.to_list()
    return None


def pack_rows(organisation: str, rows: Sequence[RowRevision]) -> Iterator[Message]:
    """Yield the messages for an organisation's overview, from the changed rows of repositories."""
    for batch in _batches(rows):
        sources = [[*row.key, row.revision] for row in batch]
        yield _message(organisation, {"organisation": organisation, "rows": sources})


def unpack_rows(body: str) -> list[RowRevision]:
    """Return the rows of a body that `pack_rows` wrote. Raises MessageError."""
    try:
        packed = json.loads(body)
        _check_version(packed["version"])
        return [
            RowRevision(RowKey(str(name), str(period)), int(revision))
            for name, period, revision in packed["rows"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise MessageError("malformed_message") from error


def _check_version(version: object) -> None:
    if version != _VERSION:
        raise ValueError("unknown version")


def _batches(sources: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (sources[start : start + MAX_SOURCES] for start in range(0, len(sources), MAX_SOURCES))


def _message(group: str, packed: dict[str, object]) -> Message:
    body = json.dumps({"version": _VERSION, **packed}, separators=(",", ":"), ensure_ascii=False)
    return Message(body, group=_digest(group), deduplication=_digest(body))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
