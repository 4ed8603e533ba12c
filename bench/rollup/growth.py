"""The cost of a further alert when the rows count many alerts of many kinds already."""

from collections.abc import Sequence
from itertools import product

from bench.report import Table, Value
from bench.rollup.requests import STREAM_BATCHES
from bench.rollup.stack import Costs, running
from bench.workload import TOOL, Kind, created, item_of, rows_with, stream_record
from ingest.terms import Branch, ClosedAs
from rollup.metrics.counts import Outcome
from rollup.metrics.period import monthly_period
from rollup.rows.overview_row import OverviewRow
from rollup.rows.parts import packed_in

FEWEST_ALERTS = 10

_ALL = len(ClosedAs)
KINDS = ((1, 1, 1), (3, 1, 1), (3, 2, 1), (3, 2, _ALL), (50, 2, _ALL))
"""Numbers of tools, branches and outcomes."""


def measure(closed_alerts: int) -> Table:
    """Return the requests and units per further alert, by the kinds of alerts in the rows.

    Args:
        closed_alerts: The number of closed alerts in each row.
    """
    fewest = {batch: _costs(rows_with(FEWEST_ALERTS), batch) for batch in STREAM_BATCHES}
    rows: list[dict[str, Value]] = []
    for tools, branches, outcomes in KINDS:
        stored = rows_with(closed_alerts, kinds=_kinds(tools, branches, outcomes))
        (month,) = (row for row in stored if monthly_period(row.key.period))
        month_bytes = sum(map(len, packed_in(item_of(month))))
        for batch in STREAM_BATCHES:
            row: dict[str, Value] = {"tools": tools, "branches": branches, "outcomes": outcomes}
            row |= {"bytes of a month": month_bytes, "stream batch": batch}
            for name, cost in _costs(stored, batch).items():
                row |= {name: cost, f"x {name}": cost / fewest[batch][name]}
            rows.append(row)
    return Table(
        title="Growth with the alerts and kinds of alerts in a row",
        note=(
            f"Per further alert, over both levels, with {closed_alerts:,} closed alerts of four"
            " severities in each row.\nbytes of a month: its packed cells and cohorts. x: ratio to"
            f" the cost with {FEWEST_ALERTS} alerts of one tool, branch and outcome."
        ),
        rows=rows,
    )


def _kinds(tools: int, branches: int, outcomes: int) -> Sequence[Kind]:
    closings = (Outcome(one.value) for one in tuple(ClosedAs)[:outcomes])
    names = [TOOL, *(f"tool {number}" for number in range(1, tools))]
    return [Kind(*kind) for kind in product(names, tuple(Branch)[:branches], closings)]


def _costs(stored: Sequence[OverviewRow], batch: int) -> dict[str, float]:
    alerts = max(batch, 10)
    records = [stream_record(created(number)) for number in range(alerts)]
    costs = Costs()
    with running() as stack:
        stack.seed(stored)
        stack.roll_up(records, costs, stream_batch=batch)
    levels = (costs.repository, costs.organisation)
    return {
        "requests": sum(tally.dynamodb.total() for tally in levels) / alerts,
        "WCU": sum(tally.write_units for tally in levels) / alerts,
        "RCU": sum(tally.read_units for tally in levels) / alerts,
    }
