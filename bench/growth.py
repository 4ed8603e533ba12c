"""The growth of the rollup part: what a further alert costs when the rows hold many already."""

from collections.abc import Iterator, Sequence

from bench import folding
from bench.stack import Costs, running
from bench.table import Table, Value
from bench.turns import take_turns
from bench.workload import created, rows_holding, stream_record

STREAM_BATCHES = (1, 100)


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


def _costs(held: int, batch: int) -> dict[str, float]:
    alerts = max(batch, 10)
    records = [stream_record(created(n)) for n in range(alerts)]
    costs = Costs()
    with running() as stack:
        stack.seed(rows_holding(held))
        stack.roll_up(records, costs, stream_batch=batch)
    levels = (costs.repository, costs.organisation)
    return {
        "requests": sum(tally.dynamodb.total() for tally in levels) / alerts,
        "WCU": sum(tally.write_units for tally in levels) / alerts,
        "RCU": sum(tally.read_units for tally in levels) / alerts,
    }
