"""The requests of the rollup part: what an alert costs at each level, counted.

Owns the scenarios. The baseline beside every count is the public implementation, which asks
DynamoDB twice per alert and level, and the floor: a thousand alerts of one repository, read and
written a hundred items at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.meter import Tally
from bench.rollup.stack import Costs, Record, running
from bench.table import Table, Value
from bench.workload import created, fixed, old, stream_record
from ingest.event import AlertEvent

PUBLIC_REQUESTS = 2.0
FLOOR_REQUESTS = 0.022

_BATCHES = (100, 1_000)
_FLOW = 10


@dataclass(frozen=True, slots=True)
class Scenario:
    """Records of the stream of All Events, in batches of these sizes; `before` is not counted."""

    name: str
    records: Sequence[Record]
    stream_batches: Sequence[int]
    before: Sequence[Record] = ()


def scenarios(*, burst: int, repositories: int) -> Iterator[Scenario]:
    """What is measured, with bursts of so many alerts."""

    def alerts(number: int, repositories: int = 1) -> list[Record]:
        return [stream_record(created(n, repositories=repositories)) for n in range(number)]

    yield Scenario("single alerts", alerts(burst // 20), (1,))
    yield Scenario("flow into 1 repository", alerts(burst // 10), (_FLOW,))
    yield Scenario("flow into 10 repositories", alerts(burst // 10, _FLOW), (_FLOW,))
    yield Scenario(f"{burst:,} into 1 repository", alerts(burst), _BATCHES)
    yield Scenario(
        f"{burst:,} into {repositories} repositories", alerts(burst, repositories), _BATCHES
    )
    yield Scenario(
        f"{burst:,} fixed, a year's alerts",
        [stream_record(old(n), fixed(n)) for n in range(burst)],
        _BATCHES[:1],
        before=[stream_record(old(n)) for n in range(burst)],
    )


def measure(*, burst: int = 1_000, repositories: int = 50) -> Table:
    """Requests, units and invocations per alert and level."""
    some = range(burst // 20)
    rows = [
        _ingest_row("alerts created", before=[], events=[created(n) for n in some]),
        _ingest_row("alerts fixed", [old(n) for n in some], [fixed(n) for n in some]),
    ]
    for scenario in scenarios(burst=burst, repositories=repositories):
        for stream_batch in scenario.stream_batches:
            rows += _rollup_rows(scenario, stream_batch)
    return Table(
        title="Requests and capacity units per alert",
        note=(
            "requests: to DynamoDB, per alert and level. public: what the public implementation"
            " makes; ratio: over that.\nfloor: of transactions of 100 items. WCU and RCU: with"
            " indexes and the ledger. Lambda: invocations."
        ),
        rows=rows,
    )


def _ingest_row(
    name: str, before: Sequence[AlertEvent], events: Sequence[AlertEvent]
) -> dict[str, Value]:
    costs = Costs()
    with running() as stack:
        stack.record(before, Costs())
        stack.record(events, costs)
    row = {"scenario": name, "stream batch": "", "level": "All Events"}
    return {**row, **_per_alert(costs.ingest, len(events))}


def _rollup_rows(scenario: Scenario, stream_batch: int) -> Iterator[dict[str, Value]]:
    costs = Costs()
    with running() as stack:
        stack.roll_up(scenario.before, Costs(), stream_batch=_BATCHES[-1])
        stack.roll_up(scenario.records, costs, stream_batch=stream_batch)
    for level, tally in (("repository", costs.repository), ("organisation", costs.organisation)):
        row = {"scenario": scenario.name, "stream batch": f"{stream_batch:,}", "level": level}
        yield {**row, **_per_alert(tally, len(scenario.records))}


def _per_alert(tally: Tally, alerts: int) -> dict[str, Value]:
    requests = tally.dynamodb.total() / alerts
    return {
        "requests": requests,
        "public": PUBLIC_REQUESTS,
        "ratio": requests / PUBLIC_REQUESTS,
        "floor": FLOOR_REQUESTS,
        "WCU": tally.write_units / alerts,
        "RCU": tally.read_units / alerts,
        "SQS": tally.sqs.total() / alerts,
        "Lambda": tally.invocations / alerts,
    }
