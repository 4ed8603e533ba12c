"""The messages of the two FIFO queues: many sources of one group, packed into one body.

Owns their JSON, and the group and deduplication IDs that SQS needs. A message about alerts contains
their contributions. A message about repository rows contains only keys and revisions, since a row
can be larger than a message; the organisation queue handler reads the rows. Both contain the
origins of each source, which are not part of the deduplication ID: the same states are the same
message. Pure.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from ingest import origin
from ingest.origin import Origins, merged
from rollup.errors import RollupError
from rollup.rows.contribution import AlertContribution
from rollup.rows.ledger import Entry, alert_source
from rollup.rows.row_key import RowKey, RowRevision

_VERSION = 2
_T = TypeVar("_T")

MAX_SOURCES = 150
"""The most sources in one message. With names of the greatest length it is below SQS's 256 KiB."""
_MOST_ORIGINS = 300
"""The most origins in one message. Those of the last sources are left out."""


class MessageError(RollupError):
    """A malformed message body, with a stable `reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """An SQS message.

    `group` is the group in which SQS keeps the order. SQS drops a message if it received one with
    the same `deduplication` from the same stream within five minutes (see `sender`).
    """

    body: str
    group: str
    deduplication: str


def pack_alerts(repository: str, entries: Sequence[Entry]) -> Iterator[Message]:
    """Yield the messages for a repository's overview, from one entry for each changed alert."""
    for batch in _batches(entries):
        sources = [[entry.key.part, entry.revision, _packed_contribution(entry)] for entry in batch]
        packed = {"repository": repository, "alerts": sources}
        yield _message(repository, packed, [entry.origins for entry in batch])


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
                origins=origins,
            )
            for (number, revision, contribution), origins in _with_origins(packed, "alerts")
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
        packed = {"organisation": organisation, "rows": sources}
        yield _message(organisation, packed, [row.origins for row in batch])


def unpack_rows(body: str) -> list[RowRevision]:
    """Return the rows of a body that `pack_rows` wrote. Raises MessageError."""
    try:
        packed = json.loads(body)
        _check_version(packed["version"])
        return [
            RowRevision(RowKey(str(name), str(period)), int(revision), origins)
            for (name, period, revision), origins in _with_origins(packed, "rows")
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise MessageError("malformed_message") from error


def _check_version(version: object) -> None:
    if version != _VERSION:
        raise ValueError("unknown version")


def _batches(sources: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (sources[start : start + MAX_SOURCES] for start in range(0, len(sources), MAX_SOURCES))


def _with_origins(packed: Any, name: str) -> Iterator[tuple[Any, Origins]]:  # noqa: ANN401
    """Yield the packed sources with their origins. Bodies of older code have none."""
    sources = packed[name]
    origins = packed.get(origin.ORIGINS, [[]] * len(sources))
    return zip(sources, map(origin.from_json, origins), strict=True)


def _message(group: str, packed: Mapping[str, object], origins: Sequence[Origins]) -> Message:
    content = {"version": _VERSION, **packed}
    body = state = _json(content)
    if any(origins):
        body = _json({**content, origin.ORIGINS: list(_limited(origins))})
    return Message(body, group=_digest(group), deduplication=_digest(state))


def _limited(origins: Sequence[Origins]) -> Iterator[list[list[object]]]:
    left = _MOST_ORIGINS
    for some in origins:
        kept = merged([some], most=min(origin.MOST_ORIGINS, left))
        left -= len(kept)
        yield origin.to_json(kept)


def _json(content: object) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
