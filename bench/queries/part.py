"""What a query costs: CPU time of whole requests, side by side, as ratios to the stock stack.

A ratio is the median over the rounds. Nothing here asserts on time. All sides must answer the same.
"""

import json
from collections.abc import Sequence
from statistics import median

from bench.queries.ablation import ablation
from bench.queries.cold import cold_starts
from bench.queries.data import DOCUMENTS
from bench.queries.growth import growth
from bench.queries.workers import Worker, seconds_of_rounds, workers_of
from bench.table import Table

ALONE = ("stock", "ours", "graphql-core", "Ariadne", "Graphene", "floor")
WITH_DYNAMODB = ("stock, DynamoDB", "ours, DynamoDB")


def measure() -> list[Table]:
    """Return the tables of the query side."""
    bodies = {
        name: json.dumps({"query": one.text, "variables": dict(one.variables)})
        for name, one in DOCUMENTS.items()
    }
    with workers_of({"ours": "ours"}, {"documents": bodies, "answers": {}}) as (ours,):
        answers = {name: ours.run(name, 1, show=True)["answer"]["data"] for name in bodies}
    task = {"documents": bodies, "answers": answers}
    with workers_of({side: side for side in ALONE}, task) as workers:
        alone = [_row(name, workers, answers[name]) for name in DOCUMENTS]
    with workers_of({side: side for side in WITH_DYNAMODB}, task) as workers:
        asked = [name for name, one in DOCUMENTS.items() if one.with_dynamodb]
        dynamodb = [_row(name, workers, answers[name]) for name in asked]
    return [
        Table(
            title="Query: the framework alone, over rows in memory",
            note="CPU time of a whole request, event to response: ms of the stock stack "
            "(strawberry.asgi behind Mangum), and ratios to it. The floor serialises the answer.",
            rows=alone,
        ),
        Table(
            title="Query: with DynamoDB's answer parsed",
            note="The same with boto3 (stock: a Table resource); requests are built and signed, "
            "and answered in the process before they are sent.",
            rows=dynamodb,
        ),
        growth(),
        *cold_starts(bodies["one alert"], answers["one alert"]),
        ablation(bodies, answers),
    ]


def _row(document: str, workers: Sequence[Worker], answer: object) -> dict[str, str | float]:
    rounds = seconds_of_rounds(document, workers, answer)
    first, *others = [worker.name for worker in workers]
    return {
        "document": document,
        f"{first}, ms": median(one[first] for one in rounds) * 1_000,
        **{side: median(one[side] / one[first] for one in rounds) for side in others},
    }


if __name__ == "__main__":
    print("\n\n".join(map(str, measure())))
