"""Comparing rows with their sums, and putting them right, while events keep flowing.

Owns the order in which things are read and written, which is what makes it exact. A row that still
has the revision which it had before the ledger was read is the sum of just those ledger entries
(see `rollup_step`), so a sum is put in a row's place only on that condition. The sources are read
after the ledger, so that whatever the ledger has and they have not is wrong and not late.

A wrong ledger entry is exchanged together with the rows that agree with the ledger; rows that do
not agree with it keep their counts, until the sum replaces them. So no total is wrong in between
that was not wrong before.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from operations.overviews.comparison import (
    Difference,
    Found,
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
"""How often a row that keeps changing is looked at before it counts as too busy."""

_SETTLE_S = 0.1
"""Longer than a transaction takes from its first visible item to its last."""

_LATE_S = 5.0
"""A message that is on its way for longer counts as lost when checking."""

Counted = Mapping[SourceKey, Entry]


class Scope(Protocol):
    """The rows of one name, and the sources that they are sums of."""

    @property
    def level(self) -> Level:
        """Whose rows they are."""

    @property
    def name(self) -> str:
        """The repository or organisation."""

    def rows(self) -> Mapping[RowKey, Found]:
        """The rows as they are."""

    def revisions(self) -> Mapping[RowKey, int]:
        """The revisions of the rows now."""

    def sources(self, *, thorough: bool) -> Sequence[str]:
        """The names that sources can be read by: those that are easily found, or really all."""

    def read(self, source: str) -> tuple[Counted, Counted]:
        """What the ledger has under a name, and, read after that, what there is."""


@dataclass(slots=True)
class Findings:
    """Rows and entries that were found wrong, or repaired; and rows that changed all the time."""

    rows: list[Difference] = field(default_factory=list)
    entries: list[Exchange] = field(default_factory=list)
    busy: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Survey:
    found: Mapping[RowKey, Found]
    sums: Sums
    exchanges: Sequence[Exchange]
    differing: Sequence[Difference]


class Audit:
    """One scope, compared or repaired. `wait` is how time passes."""

    def __init__(
        self, scope: Scope, store: RollupStore, *, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._scope = scope
        self._store = store
        self._wait = wait

    def check(self) -> Findings:
        """What is wrong; not what is only on its way."""
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
            wrong = self._differing(survey.found, survey.sums)
            moved = self._moved(wrong)
            findings.rows = [one for one in wrong if one.row.key not in moved]
            findings.busy = [one for one in wrong if one.row.key in moved]
            if not findings.busy:
                break
        return findings

    def repair(self) -> Findings:
        """Put right what is wrong, and say what was. Raises ContentionError."""
        done = Findings()
        thorough = is_caught_up = False
        for _ in range(ROUNDS):
            survey = self._survey(thorough=thorough)
            done.busy = list(survey.differing)
            if done.busy and not thorough:
                # Sums that lack a source nobody found are wrong; they must not be put anywhere.
                thorough = True
                continue
            wrong = [one for one in survey.exchanges if not (is_caught_up and is_behind(one))]
            if not wrong and not done.busy:
                break
            torn = [one for one in done.busy if one.is_torn]
            if wrong and not torn:
                self._store.correct(wrong, kept=self._certain(survey.differing))
                done.entries += wrong
                is_caught_up = True
            else:
                put = [one for one in torn or done.busy if self._store.put(one.row)]
                done.rows += put
                done.busy = [one for one in done.busy if one not in put]
        return done

    def _survey(self, *, thorough: bool) -> _Survey:
        found = self._scope.rows()
        sums = Sums()
        wrong: list[Exchange] = []
        for source in self._scope.sources(thorough=thorough):
            counted, existing = self._scope.read(source)
            sums.add(counted.values())
            wrong += exchanges(counted, existing)
        return _Survey(found, sums, wrong, self._differing(found, sums))

    def _differing(self, found: Mapping[RowKey, Found], sums: Sums) -> Sequence[Difference]:
        return differences(self._scope.level, self._scope.name, found, sums)

    def _certain(self, differing: Sequence[Difference]) -> frozenset[RowKey]:
        return frozenset(one.row.key for one in differing) - self._moved(differing)

    def _moved(self, differing: Sequence[Difference]) -> frozenset[RowKey]:
        """Those that somebody wrote since they were read, so that nothing is known of them."""
        if not differing:
            return frozenset()
        self._wait(_SETTLE_S)
        now = self._scope.revisions()
        return frozenset(
            one.row.key for one in differing if now.get(one.row.key, 0) != one.row.revision - 1
        )
