"""Applying entries to the overviews of one level: consistent reads, conditional transactions.

Owns the I/O of both appliers. Whatever races with it, a transaction goes through only if every row
and ledger entry still has the revision that was read; else all is read again.
"""

import random
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ingest.alert_store import written_at
from rollup import fold, ledger, overview_row
from rollup.contribution import RowContribution, RowKey
from rollup.fold import Write
from rollup.ledger import Entry, SourceKey
from rollup.message import RowRevision
from rollup.overview_row import REPOSITORY, Level, OverviewRow

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_ATTEMPTS = 10
MAX_BYTES = 3_000_000
"""Packed counts of one transaction; DynamoDB takes 4 MB of items."""

_KEYS_A_READ = 100
_FIRST_PAUSE_S = 0.02
_LONGEST_PAUSE_S = 1.0
_CONFLICTS = frozenset(
    {"ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "None"}
    | {"ProvisionedThroughputExceeded"}
)


class ContentionError(Exception):
    """Rows or reads that stayed busy through every attempt; `reason` is `contention`."""

    reason = "contention"


def _pause(attempt: int) -> None:
    time.sleep(random.uniform(0, min(_FIRST_PAUSE_S * 2**attempt, _LONGEST_PAUSE_S)))  # noqa: S311


def read_items(
    client: "DynamoDBClient", keys: Sequence[tuple[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """The items at (table, key) pairs by table, read consistently, 100 keys a request.

    What DynamoDB leaves over is asked again. Raises ContentionError.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for start in range(0, len(keys), _KEYS_A_READ):
        wanted: dict[str, Any] = {}
        for table, key in keys[start : start + _KEYS_A_READ]:
            wanted.setdefault(table, {"Keys": [], "ConsistentRead": True})["Keys"].append(key)
        for attempt in range(MAX_ATTEMPTS):
            answer = client.batch_get_item(RequestItems=wanted)
            for table, items in answer["Responses"].items():
                found.setdefault(table, []).extend(items)
            wanted = dict(answer.get("UnprocessedKeys", {}))
            if not wanted:
                break
            _pause(attempt)
        else:
            raise ContentionError
    return found


class RollupStore:
    """The overview table of one level, and the ledger of what was applied to it."""

    def __init__(self, client: "DynamoDBClient", *, level: Level, table: str, ledger: str) -> None:
        self._client = client
        self._level = level
        self._table = table
        self._ledger = ledger

    def apply(self, entries: Iterable[Entry]) -> int:
        """Bring the rows up to date with these entries; how many were new to the ledger.

        Raises ContentionError; errors of DynamoDB pass through.
        """
        return sum(self._apply(chunk) for chunk in fold.chunks(fold.newest(entries)))

    def _apply(self, chunk: Sequence[Entry]) -> int:
        for attempt in range(MAX_ATTEMPTS):
            write, known = self._plan(chunk)
            if not write:
                return 0
            actions = self._actions(write, known)
            if len(chunk) > 1 and not _fits(actions):
                middle = len(chunk) // 2
                return self._apply(chunk[:middle]) + self._apply(chunk[middle:])
            if self._transact(actions):
                return len(write.entries)
            _pause(attempt)
        raise ContentionError

    def _plan(self, chunk: Sequence[Entry]) -> tuple[Write, dict[SourceKey, Entry]]:
        told = fold.touched_rows(chunk)
        known, rows = self._read(chunk, told)
        if retracted := fold.touched_rows(known.values()) - told:
            rows |= self._read((), retracted)[1]
        return fold.step(chunk, ledger=known, rows=rows), known

    def _read(
        self, entries: Iterable[Entry], rows: Iterable[RowKey]
    ) -> tuple[dict[SourceKey, Entry], dict[RowKey, OverviewRow]]:
        keys: list[tuple[str, Any]] = [(self._ledger, ledger.key(e.key)) for e in entries]
        keys += [(self._table, overview_row.key(self._level, row)) for row in rows]
        found = read_items(self._client, keys)
        known = [ledger.from_item(item) for item in found.get(self._ledger, ())]
        known_rows = [
            overview_row.from_item(self._level, item) for item in found.get(self._table, ())
        ]
        return {e.key: e for e in known}, {row.key: row for row in known_rows}

    def _actions(self, write: Write, known: dict[SourceKey, Entry]) -> list[dict[str, Any]]:
        actions = [
            _put(self._table, overview_row.to_item(self._level, row), read=row.revision - 1)
            for row in write.rows
        ]
        for entry in write.entries:
            before = known.get(entry.key)
            item = ledger.to_item(entry)
            actions.append(_put(self._ledger, item, read=before.revision if before else 0))
        return actions

    def _transact(self, actions: list[dict[str, Any]]) -> bool:
        canceled = self._client.exceptions.TransactionCanceledException
        try:
            self._client.transact_write_items(TransactItems=actions)  # type: ignore[arg-type]
        except canceled as error:
            reasons = {reason["Code"] for reason in error.response["CancellationReasons"]}
            if reasons <= _CONFLICTS:
                return False
            raise
        return True


class RowReader:
    """The RepositoryOverview table as the organisations' applier sees it."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def entries(self, rows: Iterable[RowRevision]) -> list[Entry]:
        """The rows as they are now, at least at the revisions named, as entries for the ledger."""
        named = dict.fromkeys(row.key for row in rows)
        keys = [(self._table, overview_row.key(REPOSITORY, key)) for key in named]
        items = read_items(self._client, keys).get(self._table, ())
        return [_entry_of(overview_row.from_item(REPOSITORY, item)) for item in items]


def _entry_of(row: OverviewRow) -> Entry:
    return Entry(
        ledger.row_source(row.key.name, row.key.period),
        row.revision,
        RowContribution(row.key.period, row.organisation, row.counts, row.last_event_ms),
    )


def _put(table: str, item: dict[str, Any], *, read: int) -> dict[str, Any]:
    return {"Put": {"TableName": table, "Item": item, **written_at(read)}}


def _fits(actions: Sequence[dict[str, Any]]) -> bool:
    packed = sum(len(a["Put"]["Item"].get("cells", {"B": b""})["B"]) + 1_000 for a in actions)
    return len(actions) <= fold.MAX_ITEMS and packed <= MAX_BYTES
