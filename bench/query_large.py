"""What large organisations cost: CPU time, memory and reads of whole requests over HTTP.

Each query runs in a process of its own (`query_large_worker`) against a DynamoDB of its own
(`query_large_server`), so that nothing but the query is measured. Nothing here asserts.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from bench.table import Table

ROOT = Path(__file__).resolve().parents[1]


def _top(by: str, *, fields: str = "group opened closed openAtEnd", narrowed: str = "") -> str:
    return (
        '{ organisation(name: "acme") { metrics(interval: TOTAL, groupBy: REPOSITORY, '
        f"top: {{groups: 10, by: {by}}}{narrowed}) {{ {fields} }} }} }}"
    )


_CHANGE = "group closed change(of: CLOSED) meanTimeToRemediate"
QUESTIONS: Mapping[str, str] = {
    "top 10 by opened": _top("OPENED"),
    "top 10 by closed, two ways": _top("CLOSED", narrowed=", closedAs: [FIXED, WONT_FIX]"),
    "top 10 by open": _top("OPEN_AT_END"),
    "top 10 by mean": _top("MEAN_TIME_TO_REMEDIATE"),
    "top 10 by closed, change": _top("CLOSED", fields=_CHANGE),
    "top 10 by median": _top("MEDIAN_TIME_TO_REMEDIATE", fields="group medianTimeToRemediate"),
    "top 10 by p90, critical": _top(
        "P90_TIME_TO_REMEDIATE", narrowed=", filter: {severity: CRITICAL}"
    ),
    "top 10 by closed, high": _top("CLOSED", narrowed=", filter: {severity: HIGH}"),
    "top 10 by closed, a tool": _top("CLOSED", narrowed=', filter: {tool: "CodeQL"}'),
    "top 10 by closed, default": _top("CLOSED", narrowed=", filter: {branch: DEFAULT}"),
}
MANY = ("top 10 by opened", "top 10 by closed, change", "top 10 by median")


def measure() -> list[Table]:
    """Return the table of large organisations."""
    rows = [
        {"organisation": f"{repositories:,} x 20", "query": name, **_cost(port, QUESTIONS[name])}
        for repositories, names in ((5_000, tuple(QUESTIONS)), (20_000, MANY))
        for port in _served(repositories, 20)
        for name in names
    ]
    return [
        Table(
            title="Query: large organisations",
            note="Repositories x alerts a month, 12 months. Of one request: seconds of CPU, peak "
            "memory of its process, requests to DynamoDB, MB of their answers, rows in them.",
            rows=rows,
        )
    ]


def _cost(port: int, query: str) -> dict[str, str | int | float]:
    _take_read(port)
    done = subprocess.run(
        [sys.executable, "-m", "bench.query_large_worker", str(port)],
        cwd=ROOT,
        input=json.dumps({"query": query}),
        capture_output=True,
        check=True,
        text=True,
    )
    found, read = json.loads(done.stdout), _take_read(port)
    errors = found["answer"].get("errors")
    return {
        "CPU s": found["cpu"],
        "peak MB": found["mb"],
        "reads": read["reads"],
        "MB": read["bytes"] / 1e6,
        "rows": read["rows"],
        "answer": errors[0]["extensions"]["reason"] if errors else "ok",
    }


@contextmanager
def serving(*workload: object) -> Iterator[int]:
    """Serve a workload and give the port."""
    arguments = [sys.executable, "-m", "bench.query_large_server", *map(str, workload)]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def _served(*workload: object) -> Iterator[int]:
    with serving(*workload) as port:
        yield port


def _take_read(port: int) -> dict[str, Any]:
    target = {"x-amz-target": "Bench.TakeRead"}
    request = Request(f"http://127.0.0.1:{port}", b"{}", target)
    with urlopen(request) as answer:  # noqa: S310
        read: dict[str, Any] = json.loads(answer.read())
        return read


if __name__ == "__main__":
    print("\n\n".join(map(str, measure())))
