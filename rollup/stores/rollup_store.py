"""Applies entries to the overviews of one level: consistent reads, conditional transactions.

Owns the writes of both levels. A transaction succeeds only if no row that it changes and no ledger
entry that it replaces has changed since the read. Otherwise the store reads and computes again.

DynamoDB accepts 4 MB in one transaction. An organisation's row fits together with one ledger entry
that adds to it, since the number of tools in a row is limited (see `tool_limit`).
"""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ingest.backoff import pause
from ingest.revision import unchanged_since
from ingest.tables.batch_reads import TableKey
from rollup import rollup_step
from rollup.rollup_step import Exchange, Write
from rollup.rows import ledger, overview_row
from rollup.rows.ledger import KEYS as LEDGER_KEYS
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import Level, OverviewRow
from rollup.rows.row_key import RowKey
from rollup.stores import transaction
from rollup.stores.item_reader import BACKOFF, MAX_ATTEMPTS, ContentionError, ItemReader
from rollup.stores.transaction import Action

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_CONFLICTS = frozenset(
    {"ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "None"}
    | {"ProvisionedThroughputExceeded"}
)
_T = TypeVar("_T")


class RollupStore:
    """The overview table of one level, and the ledger of the entries applied to it.

    `conflicts` counts the transactions that were repeated, since it was made.
    """

    def __init__(self, client: "DynamoDBClient", *, level: Level, table: str, ledger: str) -> None:
        self._client = client
        self._level = level
        self._table = table
        self._ledger = ledger
        self.conflicts = 0
        self._reader = ItemReader(client, {table: level.keys, ledger: LEDGER_KEYS})

    def apply(self, entries: Iterable[Entry]) -> list[Entry]:
        """Apply entries to the rows, and return those that were new to the ledger.

        Raises ContentionError if rows stay busy; errors of DynamoDB pass through.
        """
        chunks = transaction.chunks(rollup_step.newest(entries), rollup_step.rows_of_entry)
        written = [one for chunk in chunks for one in self._write(chunk, self._step)]
        return [exchange.after for exchange in written if exchange.after is not None]

    def correct(self, exchanges: Iterable[Exchange], *, kept: AbstractSet[RowKey]) -> int:
        """Make the exchanges whose sources were not written since, and return how many those are.

        Rows change with them, but rows in `kept` keep their counts at a new revision (see
        `rollup_step`). Raises as `apply` does.
        """
        chunks = transaction.chunks(exchanges, rollup_step.rows_of_exchange)
        plan = partial(self._correction, kept=kept)
        return sum(len(self._write(chunk, plan)) for chunk in chunks)

    def put(self, row: OverviewRow) -> bool:
        """Replace the previous revision of a row, and return whether that was still stored.

        No event is the origin of such a write.
        """
        return self._transact(self._row_actions(replace(row, origins=())))

    def _write(
        self, chunk: Sequence[_T], plan: Callable[[Sequence[_T]], Write]
    ) -> Sequence[Exchange]:
        """Make the planned write, and return its exchanges."""
        for attempt in range(MAX_ATTEMPTS):
            write = plan(chunk)
            if not write:
                return ()
            actions = self._actions(write)
            if not transaction.fits(actions):
                if len(chunk) > 1:
                    middle = len(chunk) // 2
                    halves = chunk[:middle], chunk[middle:]
                    return [one for half in halves for one in self._write(half, plan)]
                if first := write.first_step:
                    if not self._transact(self._actions(first)):
                        self._wait(attempt)
                    continue
            if self._transact(actions):
                return write.exchanges
            self._wait(attempt)
        raise ContentionError

    def _wait(self, attempt: int) -> None:
        self.conflicts += 1
        pause(BACKOFF, attempt)

    def _step(self, chunk: Sequence[Entry]) -> Write:
        added_to = rollup_step.touched_rows(chunk)
        known, rows = self._read([entry.key for entry in chunk], added_to)
        if retracted := rollup_step.touched_rows(known.values()) - added_to:
            rows |= self._read((), retracted)[1]
        return rollup_step.step(chunk, ledger=known, rows=rows)

    def _correction(self, chunk: Sequence[Exchange], *, kept: AbstractSet[RowKey]) -> Write:
        touched = {row for exchange in chunk for row in rollup_step.rows_of_exchange(exchange)}
        known, rows = self._read([exchange.key for exchange in chunk], touched)
        return rollup_step.correction(chunk, ledger=known, rows=rows, kept=kept)

    def _read(
        self, sources: Iterable[SourceKey], rows: Iterable[RowKey]
    ) -> tuple[dict[SourceKey, Entry], dict[RowKey, OverviewRow]]:
        item_keys: list[TableKey] = [(self._ledger, ledger.key(source)) for source in sources]
        item_keys += [(self._table, overview_row.key(self._level, row)) for row in rows]
        found = self._reader.read(item_keys)
        known = [ledger.from_items(*whole) for whole in found.get(self._ledger, ())]
        known_rows = [
            overview_row.from_items(self._level, *whole) for whole in found.get(self._table, ())
        ]
        return {entry.key: entry for entry in known}, {row.key: row for row in known_rows}

    def _actions(self, write: Write) -> list[Action]:
        actions = [action for row in write.rows for action in self._row_actions(row)]
        for exchange in write.exchanges:
            actions += self._entry_actions(exchange)
        return actions

    def _row_actions(self, row: OverviewRow) -> list[Action]:
        return transaction.put(
            self._table,
            overview_row.to_items(self._level, row),
            keys=self._level.keys,
            parts_before=row.parts,
            condition=unchanged_since(row.revision - 1),
        )

    def _entry_actions(self, exchange: Exchange) -> list[Action]:
        before, after = exchange
        parts_before, writes = (before.parts, before.writes) if before else (0, 0)
        condition = ledger.unchanged(before)
        if after is None:
            return transaction.delete(
                self._ledger,
                ledger.key(exchange.key),
                keys=LEDGER_KEYS,
                parts_before=parts_before,
                condition=condition,
            )
        return transaction.put(
            self._ledger,
            ledger.to_items(replace(after, writes=writes + 1)),
            keys=LEDGER_KEYS,
            parts_before=parts_before,
            condition=condition,
        )

    def _transact(self, actions: list[Action]) -> bool:
        canceled = self._client.exceptions.TransactionCanceledException
        try:
            self._client.transact_write_items(TransactItems=actions)  # type: ignore[arg-type]
        except canceled as error:
            reasons = {reason["Code"] for reason in error.response["CancellationReasons"]}
            if reasons <= _CONFLICTS:
                return False
            raise
        return True
