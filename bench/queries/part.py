"""The query part: CPU time of whole requests, side by side, as ratios to the stock stack.

A ratio is the median over the rounds. Nothing here asserts on time. All stacks must give the same
response.
"""

from collections.abc import Sequence
from statistics import median

from bench.queries.ablation import ablation
from bench.queries.cold import cold_starts
from bench.queries.documents import ALERTS, DOCUMENTS, ONE_ALERT, OVERVIEWS
from bench.queries.reads import reads
from bench.queries.stacks import Data
from bench.queries.workers import seconds_of_rounds, started, workers_of
from bench.report import Table, Value

PARSED = "responses of DynamoDB, parsed"


def measure() -> list[Table]:
    """Return the tables of this part."""
    with started("ours", {}) as ours:
        data = {document: ours.response(document)["data"] for document in DOCUMENTS}
    return [
        _beside_stock(data),
        _frameworks(data),
        reads(),
        *cold_starts(data[ONE_ALERT]),
        ablation(data),
    ]


def _beside_stock(data: Data) -> Table:
    rows = [
        *_ratios("rows in memory", ("stock", "ours"), tuple(DOCUMENTS), data),
        *_ratios(PARSED, ("stock, DynamoDB", "ours, DynamoDB"), (ALERTS, OVERVIEWS), data),
    ]
    return Table(
        title="Query: a request beside the stock stack",
        note="CPU time from event to response. The stock stack is strawberry.asgi behind Mangum,"
        " with boto3's Table resource.\nMetrics: computed from stored counts by ours, finished for"
        " the stock stack. Requests to DynamoDB are built and signed, but not sent.",
        rows=rows,
    )


def _ratios(
    source: str, stacks: tuple[str, str], documents: Sequence[str], data: Data
) -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = []
    stock, ours = stacks
    with workers_of(stacks, data) as workers:
        for document in documents:
            rounds = seconds_of_rounds(document, workers, data[document])
            row: dict[str, Value] = {"document": document, "from": source}
            row |= {"stock, ms": median(one[stock] for one in rounds) * 1_000}
            row |= {"ours, ms": median(one[ours] for one in rounds) * 1_000}
            rows.append({**row, "ratio": median(one[ours] / one[stock] for one in rounds)})
    return rows


def _frameworks(data: Data) -> Table:
    others = ("graphql-core", "Ariadne", "Graphene")
    with workers_of(("stock", *others), data) as workers:
        rounds = seconds_of_rounds(ALERTS, workers, data[ALERTS])
    return Table(
        title="Query: other frameworks with a list of 100 alerts",
        note="CPU time over finished values, event to response, as a ratio to the stock stack.",
        rows=[
            {"framework": name, "ratio": median(one[name] / one["stock"] for one in rounds)}
            for name in others
        ],
    )
