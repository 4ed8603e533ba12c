"""The processes that take turns in the query benchmark, and what their requests took.

Every side runs in a process of its own (`worker`). They take turns, round by round, so that other
load on the machine affects all of them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROUNDS = 15
SECONDS_A_TURN = 0.05
ROOT = Path(__file__).resolve().parents[2]
GRAPHENE_PYTHON = ROOT / "build" / "graphene-venv" / "bin" / "python"
"""Graphene needs a graphql-core that Strawberry does not work with; `make bench` installs it."""


class DifferentAnswersError(Exception):
    """Two sides answer a document differently; the message names them."""


class Worker:
    """A process of one side. `name` tells workers of the same side apart."""

    def __init__(self, name: str, process: "subprocess.Popen[str]") -> None:
        self.name = name
        self._process = process

    def send(self, message: object) -> None:
        """Send a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def run(self, document: str, requests: int, *, show: bool = False) -> dict[str, Any]:
        """Make requests and return what they took."""
        self.send({"document": document, "requests": requests, "show": show})
        assert self._process.stdout is not None
        reply: dict[str, Any] = json.loads(self._process.stdout.readline())
        return reply


def seconds_of_rounds(
    document: str, workers: Sequence[Worker], answer: object
) -> list[dict[str, float]]:
    """Return, for each round, the CPU seconds of one request of each worker.

    Raises:
        DifferentAnswersError: A worker does not answer `answer`.
    """
    requests = {}
    for worker in workers:
        shown = worker.run(document, 3, show=True)["answer"]
        if shown != {"data": answer}:
            raise DifferentAnswersError(f"{document}: {worker.name} answers {str(shown)[:300]}")
        seconds = min(worker.run(document, 5)["seconds"] for _ in range(3)) / 5
        requests[worker] = max(3, round(SECONDS_A_TURN / seconds))
    return [
        {w.name: w.run(document, many)["seconds"] / many for w, many in requests.items()}
        for _ in range(ROUNDS)
    ]


@contextmanager
def workers_of(
    sides: Mapping[str, str],
    task: object,
    *,
    environments: Mapping[str, Mapping[str, str]] | None = None,
) -> Iterator[list[Worker]]:
    """Start a worker for each name in `sides`, with the environment of its name, if any.

    `task` contains the documents and the answers, and is sent to every worker first.
    """
    with ExitStack() as stack:
        workers = []
        for name, side in sides.items():
            process = subprocess.Popen(
                [
                    str(GRAPHENE_PYTHON) if side == "Graphene" else sys.executable,
                    *("-m", "bench.queries.worker", side),
                ],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, **(environments or {}).get(name, {})},
            )
            stack.callback(process.wait)
            assert process.stdin is not None
            stack.callback(process.stdin.close)
            workers.append(Worker(name, process))
            workers[-1].send(task)
        yield workers
