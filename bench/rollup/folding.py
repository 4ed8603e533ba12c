"""The folding of the rollup part: what a message costs in CPU time, from its body to packed rows.

Beside it runs the bare loop that only adds the same numbers, already parsed, to a dictionary.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.rollup.stack import Record
from bench.table import Table, Value
from bench.turns import Turns, take_turns
from bench.workload import created, fixed, old, rows_holding, stream_record
from rollup import rollup_step
from rollup.metrics.counts import Counts
from rollup.queues.forwarding import alert_messages
from rollup.queues.message import unpack_alerts
from rollup.rows.contribution import Share
from rollup.rows.counts_codec import pack, unpack
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import OverviewRow
from rollup.rows.row_key import RowKey

ALERTS = 100
"""How many alerts a message tells of: about a transaction's worth."""


@dataclass(frozen=True, slots=True)
class Folding:
    """One message of one repository, with what the ledger and the packed rows have before it."""

    body: str
    ledger: dict[SourceKey, Entry]
    rows: dict[RowKey, tuple[OverviewRow, bytes]]

    @classmethod
    def of(cls, records: Sequence[Record], *, before: Sequence[Record], held: int) -> "Folding":
        """The message of these records, after one of others, to rows that hold so many alerts."""
        rows = {row.key: row for row in rows_holding(held)}
        ledger = {entry.key: entry for entry in _entries(before)}
        rows |= {
            row.key: row for row in rollup_step.step(_entries(before), ledger={}, rows=rows).rows
        }
        touched = rollup_step.step(_entries(records), ledger=ledger, rows=rows).rows
        return cls(
            body=_body(records),
            ledger=ledger,
            rows={
                row.key: (replace(row, counts=Counts()), pack(rows[row.key].counts))
                for row in touched
                if row.key in rows
            },
        )

    def run(self) -> list[bytes]:
        """All of it: the message and the rows unpacked, one step, the rows packed."""
        write = rollup_step.step(
            unpack_alerts(self.body), ledger=self.ledger, rows=self.unpack_rows()
        )
        return [pack(row.counts) for row in write.rows]

    def unpack_rows(self) -> dict[RowKey, OverviewRow]:
        """The rows that the message finds."""
        return {
            key: replace(row, counts=unpack(packed)) for key, (row, packed) in self.rows.items()
        }

    def numbers(self) -> list[tuple[int, int]]:
        """What the message changes, as places and amounts."""
        places: dict[tuple[object, ...], int] = {}
        found: list[tuple[int, int]] = []

        def add(share: Share, row: RowKey, sign: int) -> None:
            for key, cell in share.counts:
                amounts: list[tuple[object, int]] = [("n", cell.count), ("ms", cell.total_ms)]
                for name, amount in [*amounts, *cell.bins.items()]:
                    place = places.setdefault((row, key, name), len(places))
                    found.append((place, sign * amount))

        for entry in unpack_alerts(self.body):
            if known := self.ledger.get(entry.key):
                for row, share in known.contribution.shares().items():
                    add(share, row, -1)
            for row, share in entry.contribution.shares().items():
                add(share, row, 1)
        return found

    def time(self, *, rounds: int) -> Turns:
        """The whole, its steps and the bare loop, taking turns."""
        entries, rows, numbers = unpack_alerts(self.body), self.unpack_rows(), self.numbers()
        changed = rollup_step.step(entries, ledger=self.ledger, rows=rows).rows
        return take_turns(
            {
                "whole": self.run,
                "bare": lambda: _add(numbers),
                "message": lambda: unpack_alerts(self.body),
                "unpack": self.unpack_rows,
                "fold": lambda: rollup_step.step(entries, ledger=self.ledger, rows=rows),
                "pack": lambda: [pack(row.counts) for row in changed],
            },
            rounds=rounds,
        )


def measure(*, rounds: int, held: int = 1_000) -> Table:
    """The time of messages of created and of fixed alerts to rows that hold so many."""
    a_year = [stream_record(old(n)) for n in range(ALERTS)]
    fixes = [stream_record(old(n), fixed(n)) for n in range(ALERTS)]
    foldings = {
        "100 created today": of_created(held=held),
        "100 fixed, a year's alerts": Folding.of(fixes, before=a_year, held=held),
    }
    return Table(
        title=f"Folding a message of {ALERTS} alerts into rows that hold {held:,}",
        note=(
            "CPU time in microseconds per alert: of all, of its steps, and of the bare loop that"
            " adds the same numbers\nto a dictionary. ratio: all over bare, the median of"
            f" {rounds} rounds in which they took turns."
        ),
        rows=[_row(name, one, rounds) for name, one in foldings.items()],
    )


def of_created(*, held: int) -> Folding:
    """The message of alerts created today, to rows that hold so many."""
    return Folding.of([stream_record(created(n)) for n in range(ALERTS)], before=[], held=held)


def _row(name: str, folding: Folding, rounds: int) -> dict[str, Value]:
    turns = folding.time(rounds=rounds)
    steps = ("whole", "message", "unpack", "fold", "pack", "bare")
    row: dict[str, Value] = {"of": name, "rows": len(folding.run())}
    row |= {step: turns.microseconds(step) / ALERTS for step in steps}
    return {**row, "ratio": turns.ratio("whole", "bare")}


def _add(numbers: Sequence[tuple[int, int]]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for place, amount in numbers:
        sums[place] = sums.get(place, 0) + amount
    return sums


def _body(records: Sequence[Record]) -> str:
    (message,) = alert_messages(records)
    return message.body


def _entries(records: Sequence[Record]) -> list[Entry]:
    return unpack_alerts(_body(records)) if records else []
