"""Rows and ledger entries of layout 2, changed by newer code: sums stay exact in any order."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.lifecycle import Alert
from ingest.terms import ClosedAs, Severity
from rollup.metrics.counts import COHORT_OUTCOMES, Counts, Outcome
from rollup.rollup_step import Exchange, Write, correction, step
from rollup.rows import ledger, overview_row
from rollup.rows.contribution import AlertContribution
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import REPOSITORY
from rollup.rows.row_key import RowKey
from tests.support import layout_2
from tests.unit.rollup.builders import alert, entry

STATES = st.builds(
    alert,
    created=st.sampled_from([0, 20]),
    closed=st.none() | st.sampled_from([20, 25, 40]),
    closed_as=st.sampled_from([ClosedAs.FIXED, ClosedAs.MITIGATED]),
    reopened=st.sampled_from([(), (30,)]),
    severity=st.sampled_from([Severity.HIGH, Severity.LOW]),
)
ACTIONS = st.lists(
    st.tuples(st.sampled_from(["old", "new", "again", "repair", "gone"]), st.integers(1, 3), STATES)
)


class Tables:
    """The rows and the ledger of a repository as items, and the newest state of each alert."""

    def __init__(self) -> None:
        self.row_items: dict[RowKey, dict[str, Any]] = {}
        self.ledger_items: dict[SourceKey, dict[str, Any]] = {}
        self.newest: dict[int, Entry] = {}

    @property
    def rows(self) -> Mapping[RowKey, overview_row.OverviewRow]:
        found = [overview_row.from_items(REPOSITORY, item) for item in self.row_items.values()]
        return {row.key: row for row in found}

    @property
    def ledger(self) -> Mapping[SourceKey, Entry]:
        found = [ledger.from_items(item) for item in self.ledger_items.values()]
        return {one.key: one for one in found}

    def happen(self, action: str, number: int, state: Alert) -> None:
        known = self.newest.get(number)
        revision = known.revision + 1 if known else 1
        newest = entry("octo/cat", number, revision, state)
        match action:
            case "old":
                self.newest[number] = newest
                self.apply_as_old_code(newest)
            case "new":
                self.newest[number] = newest
                self.put(step([newest], ledger=self.ledger, rows=self.rows))
            case "gone" if known:
                self.newest[number] = replace(newest, contribution=None)
                self.put(step([self.newest[number]], ledger=self.ledger, rows=self.rows))
            case "again" if known:
                self.put(step([known], ledger=self.ledger, rows=self.rows))
            case "repair" if known:
                self.repair(known)

    def apply_as_old_code(self, newest: Entry) -> None:
        """Apply an entry as older code did; it stops at a row of layout 3, and is retried."""
        contribution = newest.contribution
        assert isinstance(contribution, AlertContribution)
        old = replace(newest, contribution=replace(contribution, has_cohort=False))
        known = self.ledger.get(newest.key)
        touched = old.shares().keys() | (known.shares().keys() if known else set())
        items = [self.row_items[row] for row in touched if row in self.row_items]
        if all(item["cells"]["B"][0] == 2 for item in items):
            write = step([old], ledger=self.ledger, rows=self.rows)
            self.put(write)
            for row in write.rows:
                self.row_items[row.key] = layout_2.old_item(self.row_items[row.key], row.counts)
            item = self.ledger_items[newest.key]
            item["contribution"] = {"S": layout_2.old_contribution(contribution)}

    def repair(self, actual: Entry) -> None:
        exchange = Exchange(self.ledger.get(actual.key), actual)
        if exchange.before != actual:
            self.put(correction([exchange], ledger=self.ledger, rows=self.rows, kept=frozenset()))

    def put(self, write: Write) -> None:
        for row in write.rows:
            (self.row_items[row.key],) = overview_row.to_items(REPOSITORY, row)
        for _, after in write.exchanges:
            assert after is not None
            (self.ledger_items[after.key],) = ledger.to_items(after)


def sums(entries: Mapping[Any, Entry]) -> dict[RowKey, Counts]:
    shares: dict[RowKey, list[Counts]] = {}
    for one in entries.values():
        for key, share in one.shares().items():
            shares.setdefault(key, []).append(share.counts)
    totals = {key: Counts.total(counts) for key, counts in shares.items()}
    return {key: counts for key, counts in totals.items() if counts != Counts()}


def stored(tables: Tables) -> dict[RowKey, Counts]:
    return {key: row.counts for key, row in tables.rows.items() if row.counts != Counts()}


@given(ACTIONS)
def test_rows_are_the_sums_of_the_ledger_in_any_order_of_old_and_new_code(
    actions: list[tuple[str, int, Alert]],
) -> None:
    tables = Tables()
    for action in actions:
        tables.happen(*action)
        assert stored(tables) == sums(tables.ledger)
        for key, counts in stored(tables).items():
            if key.period != "ALL":
                assert uncounted(counts) == lacking(tables.ledger, key)
    for newest in tables.newest.values():
        tables.repair(newest)
    assert stored(tables) == sums(tables.newest)


def uncounted(counts: Counts) -> int:
    """Return how many closings the row of a creation lacks by its own numbers."""
    opened, still_open = counts.count({Outcome.OPENED}), counts.count({Outcome.OPEN})
    return opened - still_open - counts.count(COHORT_OUTCOMES)


def lacking(entries: Mapping[Any, Entry], key: RowKey) -> int:
    """Return how many closed alerts, created in the period of a row, were counted by old code."""
    contributions = [one.contribution for one in entries.values()]
    return sum(
        isinstance(one, AlertContribution) and not one.has_cohort and key in created_rows(one)
        for one in contributions
    )


def created_rows(contribution: AlertContribution) -> set[RowKey]:
    only_created = replace(contribution.without_earlier, closed_as=None, closed_ms=None)
    return set(only_created.shares())


@pytest.mark.parametrize("closed", [None, 20])
def test_ledger_entry_of_older_code_lacks_the_closing_by_creation(closed: int | None) -> None:
    counted = entry("octo/cat", 1, 1, alert(closed=closed))
    assert isinstance(counted.contribution, AlertContribution)
    (item,) = ledger.to_items(counted)
    assert ledger.from_items(item) == counted
    item["contribution"] = {"S": layout_2.old_contribution(counted.contribution)}
    old = ledger.from_items(item).contribution
    assert old == replace(counted.contribution, has_cohort=closed is None)
