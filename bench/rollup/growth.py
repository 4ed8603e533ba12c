"""The growth of the rollup part: what a further alert costs when the rows hold many already."""

from collections.abc import Iterator, Sequence
from itertools import product

from bench.rollup import folding
from bench.rollup.stack import Costs, running
from bench.table import Table, Value
from bench.turns import take_turns
from bench.workload import ONE_KIND, TOOL, Kind, created, rows_holding, stream_record
from ingest.terms import Branch, ClosedAs
from rollup.metrics.counts import Outcome

STREAM_BATCHES = (1, 100)

KINDS = ((1, 1, 1), (3, 1, 1), (3, 2, 1), (3, 2, 5), (50, 2, 5))
"""Numbers of tools, branches and outcomes."""


def measure(stored: Sequence[int], *, rounds: int) -> Table:
    """Requests, units and folding time per further alert, by how many the rows hold."""
    return Table(
        title="Growth with the alerts that a repository's day, month and ALL rows hold already",
        note=(
            "Per further alert, over both levels. x: over the same with the fewest alerts held."
            " fold: CPU time in microseconds\nper alert of a message of 100, from its body to"
            " packed rows. Flat is the goal: a histogram has a last bin."
        ),
        rows=list(_rows(stored, rounds)),
    )


def _rows(stored: Sequence[int], rounds: int) -> Iterator[dict[str, Value]]:
    fewest: dict[int, dict[str, float]] = {}
    foldings = {f"{held}": folding.of_created(held=held) for held in stored}
    turns = take_turns({held: one.run for held, one in foldings.items()}, rounds=rounds)
    for held in stored:
        for batch in STREAM_BATCHES:
            fold_us = turns.microseconds(f"{held}") / folding.ALERTS
            costs = {**_costs(held, batch), "fold": fold_us}
            first = fewest.setdefault(batch, costs)
            row: dict[str, Value] = {"held": f"{held:,}", "stream batch": f"{batch:,}"}
            for name, cost in costs.items():
                row |= {name: cost, f"x {name}": cost / first[name]}
            yield row


def measure_kinds(held: int) -> Table:
    """Requests and units per further alert, by how many kinds of alerts the rows hold."""
    few = {batch: _costs(10, batch) for batch in STREAM_BATCHES}
    rows: list[dict[str, Value]] = []
    for tools, branches, outcomes in KINDS:
        kinds = _kinds(tools, branches, outcomes)
        for batch in STREAM_BATCHES:
            costs = _costs(held, batch, kinds)
            row: dict[str, Value] = {"tools": tools, "branches": branches, "outcomes": outcomes}
            row["stream batch"] = f"{batch:,}"
            for name, cost in costs.items():
                row |= {name: cost, f"x {name}": cost / few[batch][name]}
            rows.append(row)
    return Table(
        title=f"Growth with the kinds of {held:,} alerts that the rows hold",
        note="Per further alert, over both levels. x: over the same with 10 alerts of one kind.",
        rows=rows,
    )


def _kinds(tools: int, branches: int, outcomes: int) -> list[Kind]:
    closings = (Outcome(one.value) for one in tuple(ClosedAs)[:outcomes])
    names = [TOOL, *(f"tool {number}" for number in range(1, tools))]
    return [Kind(*kind) for kind in product(names, tuple(Branch)[:branches], closings)]


def _costs(held: int, batch: int, kinds: Sequence[Kind] = ONE_KIND) -> dict[str, float]:
    alerts = max(batch, 10)
    records = [stream_record(created(n)) for n in range(alerts)]
    costs = Costs()
    with running() as stack:
        stack.seed(rows_holding(held, kinds=kinds))
        stack.roll_up(records, costs, stream_batch=batch)
    levels = (costs.repository, costs.organisation)
    return {
        "requests": sum(tally.dynamodb.total() for tally in levels) / alerts,
        "WCU": sum(tally.write_units for tally in levels) / alerts,
        "RCU": sum(tally.read_units for tally in levels) / alerts,
    }
