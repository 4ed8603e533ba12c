"""Messages of the two FIFO queues: many sources of one group, packed into one body.

Owns their JSON and the two ids that SQS wants. Alerts travel with their contribution, repository
rows as key and revision alone (a row can be larger than a message; the applier reads it). Pure.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from rollup.rows.contribution import AlertContribution
from rollup.rows.ledger import Entry, alert_source
from rollup.rows.row_key import RowKey, RowRevision

_VERSION = 2
_T = TypeVar("_T")

MAX_SOURCES = 150
"""Sources of one message: with names of the greatest length still below SQS's 256 KiB."""


class MessageError(ValueError):
    """A body that no forwarder wrote, with a stable `reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """What SQS is given: `group` orders, `deduplication` drops a message that was sent already."""

    body: str
    group: str
    deduplication: str


def pack_alerts(repository: str, entries: Sequence[Entry]) -> Iterator[Message]:
    """Messages that tell a repository's overview of its alerts, one entry an alert."""
    for some in _batches(entries):
        sources = [
            [entry.key.part, entry.revision, entry.contribution.to_list()]
            for entry in some
            if isinstance(entry.contribution, AlertContribution)
        ]
        yield _message(repository, {"repository": repository, "alerts": sources})


def unpack_alerts(body: str) -> list[Entry]:
    """The entries of a message of `pack_alerts`. Raises MessageError."""
    try:
        packed = json.loads(body)
        _check_version(packed["version"])
        repository = packed["repository"]
        return [
            Entry(
                alert_source(repository, int(number)),
                int(revision),
                AlertContribution.from_list(repository, contribution),
            )
            for number, revision, contribution in packed["alerts"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise MessageError("malformed_message") from error


def pack_rows(organisation: str, rows: Sequence[RowRevision]) -> Iterator[Message]:
    """Messages that tell an organisation's overview of its repositories' rows."""
    for some in _batches(rows):
        sources = [[*row.key, row.revision] for row in some]
        yield _message(organisation, {"organisation": organisation, "rows": sources})


def unpack_rows(body: str) -> list[RowRevision]:
    """The rows of a message of `pack_rows`. Raises MessageError."""
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


def _batches(many: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (many[start : start + MAX_SOURCES] for start in range(0, len(many), MAX_SOURCES))


def _message(group: str, packed: dict[str, object]) -> Message:
    body = json.dumps({"version": _VERSION, **packed}, separators=(",", ":"), ensure_ascii=False)
    return Message(body, group=_digest(group), deduplication=_digest(body))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
