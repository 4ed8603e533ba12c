"""The check and repair of one subject's rows, while events arrive.

Owns the order of reads and writes, which makes the result exact:

- The rows are read first, then the ledger. If a row still has the same revision afterwards, it must
  be the sum of exactly these ledger entries (see `rollup_step`). A sum replaces a row only on this
  condition.
- The ledger is read before the sources. So an entry of the ledger without a source is wrong, and
  not the result of a late message.
- A wrong ledger entry is exchanged in one transaction with the rows that agree with the ledger.
  Rows that do not agree with it keep their counts until their sum replaces them. So a repair never
  makes a correct total wrong, not even for a moment.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from operations.overviews.comparison import (
    Difference,
    StoredRow,
    Sums,
    differences,
    exchanges,
    is_behind,
    is_overdue,
)
from rollup.rollup_step import Exchange
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import Level
from rollup.rows.row_key import RowKey
from rollup.stores.rollup_store import RollupStore

ROUNDS = 10
"""How often a row that changes all the time is compared before it counts as too busy."""

_SETTLE_S = 0.1
"""Longer than the time between the first and the last visible write of a transaction."""

_LATE_S = 5.0
"""A check counts a message as lost if it takes longer than this."""

Entries = Mapping[SourceKey, Entry]


class Subject(Protocol):
    """The rows of one name, and the sources that add to them."""

    @property
    def level(self) -> Level:
        """The level of the rows."""

    @property
    def name(self) -> str:
        """The name of the repository or organisation."""

    def rows(self) -> Mapping[RowKey, StoredRow]:
        """Return the stored rows."""

    def revisions(self) -> Mapping[RowKey, int]:
        """Return the current revisions of the rows."""

    def sources(self, *, thorough: bool) -> Sequence[str]:
        """Return the names to read sources by: those in the indexes or, if thorough, all."""

    def read(self, source: str) -> tuple[Entries, Entries]:
        """Return the ledger's entries of a source and, read after that, the actual entries."""


@dataclass(slots=True)
class Findings:
    """The result of a check or a repair.

    Attributes:
        rows: Rows that are wrong, or were repaired.
        entries: Ledger entries that are wrong, or were repaired.
        busy: Rows that changed all the time, so they could not be compared.
    """

    rows: list[Difference] = field(default_factory=list)
    entries: list[Exchange] = field(default_factory=list)
    busy: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Survey:
    """One read of the rows, the ledger and the sources, and what differs."""

    stored: Mapping[RowKey, StoredRow]
    sums: Sums
    exchanges: Sequence[Exchange]
    differing: Sequence[Difference]


class Audit:
    """The check or repair of one subject. `wait` sleeps for some seconds."""

    def __init__(
        self, subject: Subject, store: RollupStore, *, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._subject = subject
        self._store = store
        self._wait = wait

    def check(self) -> Findings:
        """Return the differences, without those that late messages explain.

        Raises:
            ContentionError: Reads stayed incomplete.
        """
        first = self._survey(thorough=False)
        findings = Findings()
        if not first.exchanges and not first.differing:
            return findings
        earlier = {one.key: one for one in first.exchanges}
        for _ in range(ROUNDS):
            self._wait(_LATE_S)
            survey = self._survey(thorough=True)
            findings.entries = [
                one for one in survey.exchanges if not is_behind(one) or is_overdue(one, earlier)
            ]
            survey.sums.correct(findings.entries)
            wrong = self._differing(survey.stored, survey.sums)
            changed = self._changed(wrong)
            findings.rows = [one for one in wrong if one.row.key not in changed]
            findings.busy = [one for one in wrong if one.row.key in changed]
            if not findings.busy:
                break
        return findings

    def repair(self) -> Findings:
        """Repair the differences and return what was repaired.

        Raises:
            ContentionError: Reads or writes stayed busy.
        """
        done = Findings()
        thorough = is_caught_up = False
        for _ in range(ROUNDS):
            survey = self._survey(thorough=thorough)
            done.busy = list(survey.differing)
            if done.busy and not thorough:
                # A sum without one of its sources is wrong, so find all sources before a write.
                thorough = True
                continue
            wrong = [one for one in survey.exchanges if not (is_caught_up and is_behind(one))]
            if not wrong and not done.busy:
                break
            incomplete = [one for one in done.busy if one.has_missing_parts]
            if wrong and not incomplete:
                self._store.correct(wrong, kept=self._unchanged(survey.differing))
                done.entries += wrong
                is_caught_up = True
            else:
                put = [one for one in incomplete or done.busy if self._store.put(one.row)]
                done.rows += put
                done.busy = [one for one in done.busy if one not in put]
        return done

    def _survey(self, *, thorough: bool) -> _Survey:
        stored = self._subject.rows()
        sums = Sums()
        wrong: list[Exchange] = []
        for source in self._subject.sources(thorough=thorough):
            counted, actual = self._subject.read(source)
            sums.add(counted.values())
            wrong += exchanges(counted, actual)
        return _Survey(stored, sums, wrong, self._differing(stored, sums))

    def _differing(self, stored: Mapping[RowKey, StoredRow], sums: Sums) -> Sequence[Difference]:
        return differences(self._subject.level, self._subject.name, stored, sums)

    def _unchanged(self, differing: Sequence[Difference]) -> frozenset[RowKey]:
        return frozenset(one.row.key for one in differing) - self._changed(differing)

    def _changed(self, differing: Sequence[Difference]) -> frozenset[RowKey]:
        """Return the rows that were written since they were read."""
        if not differing:
            return frozenset()
        self._wait(_SETTLE_S)
        now = self._subject.revisions()
        return frozenset(
            one.row.key for one in differing if now.get(one.row.key, 0) != one.row.revision - 1
        )
