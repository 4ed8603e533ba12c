"""Worker processes that take turns, and the CPU time of their requests.

Each stack runs in a process of its own (`worker`). The processes take turns, round by round, so
that other load on the machine affects all of them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.errors import BenchError
from bench.queries.stacks import Data

ROUNDS = 15
SECONDS_A_TURN = 0.05
ROOT = Path(__file__).resolve().parents[2]
GRAPHENE_PYTHON = ROOT / "build" / "graphene-venv" / "bin" / "python"
"""Graphene needs a graphql-core that Strawberry does not work with; `make bench` installs it."""


class DifferentResponsesError(BenchError):
    """Two stacks respond to a document differently; the message names them."""


class Worker:
    """A process of one stack. `name` tells workers of the same stack apart."""

    def __init__(self, name: str, process: "subprocess.Popen[str]") -> None:
        self.name = name
        self._process = process

    def send(self, message: object) -> None:
        """Send a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def run(self, document: str, requests: int) -> float:
        """Make requests and return the CPU seconds of one."""
        return float(self._reply(document, requests, show=False)["seconds"]) / requests

    def response(self, document: str) -> Any:  # noqa: ANN401
        """Make some requests, for caches to fill, and return the last response."""
        return self._reply(document, 3, show=True)["response"]

    def _reply(self, document: str, requests: int, *, show: bool) -> dict[str, Any]:
        self.send({"document": document, "requests": requests, "show": show})
        assert self._process.stdout is not None
        reply: dict[str, Any] = json.loads(self._process.stdout.readline())
        return reply


def seconds_of_rounds(
    document: str, workers: Sequence[Worker], data: object
) -> list[dict[str, float]]:
    """Return, for each round, the CPU seconds of one request of each worker.

    Raises:
        DifferentResponsesError: A worker does not respond with `data`.
    """
    requests = {}
    for worker in workers:
        response = worker.response(document)
        if response != {"data": data}:
            raise DifferentResponsesError(f"{document}: {worker.name}: {str(response)[:300]}")
        seconds = min(worker.run(document, 5) for _ in range(3))
        requests[worker] = max(3, round(SECONDS_A_TURN / seconds))
    return [{one.name: one.run(document, requests[one]) for one in workers} for _ in range(ROUNDS)]


@contextmanager
def started(
    stack: str,
    data: Data,
    *,
    name: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Worker]:
    """Start a worker, and end it afterwards.

    Args:
        stack: One of `worker.STACKS`.
        data: The data of the responses, by document.
        name: The name of the worker; by default that of its stack.
        environment: Variables that are added to the environment.
    """
    python = GRAPHENE_PYTHON if stack == "Graphene" else sys.executable
    with subprocess.Popen(
        [python, "-m", "bench.queries.worker", stack],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    ) as process:
        worker = Worker(name or stack, process)
        worker.send(data)
        yield worker


@contextmanager
def workers_of(stacks: Sequence[str], data: Data) -> Iterator[list[Worker]]:
    """Start a worker for each stack, and end them afterwards."""
    with ExitStack() as context:
        yield [context.enter_context(started(stack, data)) for stack in stacks]
