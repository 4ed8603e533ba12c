"""What a query costs: CPU time of whole requests, side by side, as ratios to the stock stack.

Every side runs in a process of its own (`query_worker`). They take turns, round by round, and a
ratio is the median over the rounds, so that what else the machine does falls on all of them.
Nothing here asserts on time; that all sides answer the same is asserted.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.queries.cold import cold_starts
from bench.queries.data import DOCUMENTS
from bench.queries.growth import growth
from bench.table import Table

ROUNDS = 15
SECONDS_A_TURN = 0.05
ROOT = Path(__file__).resolve().parents[2]
GRAPHENE_PYTHON = ROOT / "build" / "graphene-venv" / "bin" / "python"
"""Graphene needs a graphql-core that Strawberry does not work with; `make bench` installs it."""

ALONE = ("stock", "ours", "graphql-core", "Ariadne", "Graphene", "floor")
WITH_DYNAMODB = ("stock, DynamoDB", "ours, DynamoDB")


class DifferentAnswersError(Exception):
    """Two sides answer a document differently; the message names them."""


class Worker:
    """A side at work."""

    def __init__(self, side: str, process: "subprocess.Popen[str]") -> None:
        self.side = side
        self._process = process

    def tell(self, message: object) -> None:
        """Send a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def run(self, document: str, requests: int, *, show: bool = False) -> dict[str, Any]:
        """Make requests and return what they took."""
        self.tell({"document": document, "requests": requests, "show": show})
        assert self._process.stdout is not None
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told


def measure() -> list[Table]:
    """Return the tables of the query side."""
    bodies = {
        name: json.dumps({"query": one.text, "variables": dict(one.variables)})
        for name, one in DOCUMENTS.items()
    }
    with _workers(["ours"], {"documents": bodies, "answers": {}}) as (ours,):
        answers = {name: ours.run(name, 1, show=True)["answer"]["data"] for name in bodies}
    told = {"documents": bodies, "answers": answers}
    with _workers(ALONE, told) as workers:
        alone = [_row(name, workers, answers[name]) for name in DOCUMENTS]
    with _workers(WITH_DYNAMODB, told) as workers:
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
    ]


def _row(document: str, workers: Sequence[Worker], answer: object) -> dict[str, str | float]:
    requests = {}
    for worker in workers:
        shown = worker.run(document, 3, show=True)["answer"]
        if shown != {"data": answer}:
            raise DifferentAnswersError(f"{document}: {worker.side} answers {str(shown)[:300]}")
        seconds = min(worker.run(document, 5)["seconds"] for _ in range(3)) / 5
        requests[worker] = max(3, round(SECONDS_A_TURN / seconds))
    rounds = [
        {w.side: w.run(document, many)["seconds"] / many for w, many in requests.items()}
        for _ in range(ROUNDS)
    ]
    first, *others = [worker.side for worker in workers]
    return {
        "document": document,
        f"{first}, ms": median(one[first] for one in rounds) * 1_000,
        **{side: median(one[side] / one[first] for one in rounds) for side in others},
    }


@contextmanager
def _workers(sides: Sequence[str], told: object) -> Iterator[list[Worker]]:
    with ExitStack() as stack:
        workers = []
        for side in sides:
            python = str(GRAPHENE_PYTHON) if side == "Graphene" else sys.executable
            process = subprocess.Popen(
                [python, "-m", "bench.queries.worker", side],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.callback(process.wait)
            assert process.stdin is not None
            stack.callback(process.stdin.close)
            workers.append(Worker(side, process))
            workers[-1].tell(told)
        yield workers


if __name__ == "__main__":
    print("\n\n".join(map(str, measure())))
