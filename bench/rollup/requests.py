"""Requests and capacity units per alert at each level, counted.

The baseline is the public implementation, which makes two requests per alert and level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bench.report import Table, Value
from bench.rollup.meter import Tally
from bench.rollup.stack import Costs, Record, running
from bench.workload import TODAY, created, fixed, stream_record

PUBLIC_REQUESTS = 2.0

STREAM_BATCHES = (1, 100)
"""Alerts that arrive one by one, and alerts that arrive together."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Records of the stream of All Events that arrive in batches of one size.

    `earlier` contains the records that are rolled up before, without counting.
    """

    name: str
    records: Sequence[Record]
    stream_batch: int
    earlier: Sequence[Record] = ()


def measure(*, burst: int) -> Table:
    """Return the requests, units and invocations per alert and level."""
    one_by_one, together = STREAM_BATCHES
    few = burst // 20
    scenarios = (
        Scenario("one by one", _records(few), one_by_one),
        Scenario(f"{burst:,} of one repository at once", _records(burst), together),
        _closings(few),
    )
    return Table(
        title="Requests and capacity units per alert",
        note=(
            "requests: to DynamoDB. public: requests of the public implementation. WCU and RCU:"
            " with indexes and the ledger.\nSQS: requests. Lambda: invocations."
        ),
        rows=[*_ingest_rows(few), *(row for one in scenarios for row in _rollup_rows(one))],
    )


def _records(alerts: int) -> list[Record]:
    return [stream_record(created(number)) for number in range(alerts)]


def _closings(alerts: int) -> Scenario:
    """Return the closings of alerts that were created in an earlier month."""
    creations = [created(number, at=TODAY - timedelta(days=40)) for number in range(alerts)]
    closings = [
        stream_record(one, fixed(one, at=TODAY + timedelta(minutes=number)))
        for number, one in enumerate(creations)
    ]
    earlier = [stream_record(one) for one in creations]
    return Scenario("the fix of each, one by one", closings, 1, earlier)


def _ingest_rows(alerts: int) -> list[dict[str, Value]]:
    """Return the costs of creations and of further events, in a repository that is known."""
    known, *creations = [created(number) for number in range(alerts + 1)]
    further = [fixed(one, at=one.created_at + timedelta(hours=1)) for one in creations]
    first, second = Costs(), Costs()
    with running() as stack:
        stack.record([known], Costs())
        stack.record(creations, first)
        stack.record(further, second)
    return [
        {"alerts": name, "level": "All Events", **_per_alert(costs.ingest, alerts)}
        for name, costs in (("one by one", first), ("a further event of each", second))
    ]


def _rollup_rows(scenario: Scenario) -> list[dict[str, Value]]:
    costs = Costs()
    with running() as stack:
        stack.roll_up(scenario.earlier, Costs(), stream_batch=max(STREAM_BATCHES))
        stack.roll_up(scenario.records, costs, stream_batch=scenario.stream_batch)
    alerts = len(scenario.records)
    return [
        {"alerts": scenario.name, "level": level, **_per_alert(tally, alerts)}
        for level, tally in (("repository", costs.repository), ("organisation", costs.organisation))
    ]


def _per_alert(tally: Tally, alerts: int) -> dict[str, Value]:
    return {
        "requests": tally.dynamodb.total() / alerts,
        "public": PUBLIC_REQUESTS,
        "WCU": tally.write_units / alerts,
        "RCU": tally.read_units / alerts,
        "SQS": tally.sqs.total() / alerts,
        "Lambda": tally.invocations / alerts,
    }
