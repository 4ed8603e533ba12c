"""Cold starts side by side: the CPU time from a fresh process to its first response.

A bundle without compiled modules, or whose files have new times, compiles all modules at each cold
start. `make deploy` compiles them, so GCSMTTR is always measured with compiled modules. The stock
stack is measured with and without them.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.errors import BenchError
from bench.queries.rows import response_body
from bench.report import Table

ROUNDS = 15
SHOWN = 8
ROOT = Path(__file__).resolve().parents[2]
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
NEVER_COMPILED = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "/nonexistent"}
STOCK = "stock"
STOCK_NEVER_COMPILED = "stock, without compiled modules"


class ColdStartError(BenchError):
    """A stack did not start, or its response is wrong; the message has the details."""


@dataclass(frozen=True, slots=True)
class StartFile:
    """A file with DynamoDB's responses to one request, and the data of the expected response."""

    path: str
    data: object


def cold_starts(data: object) -> list[Table]:
    """Return the comparison of cold starts, and the share of each package in ours.

    Args:
        data: The data of the response to one alert.
    """
    with start_file(data) as start:
        for stack in ("ours", STOCK):  # writes the compiled modules
            cold_seconds(stack, start)
        rounds = [
            {
                "ours": cold_seconds("ours", start),
                STOCK: cold_seconds(STOCK, start),
                STOCK_NEVER_COMPILED: cold_seconds(STOCK, start, environment=NEVER_COMPILED),
            }
            for _ in range(ROUNDS)
        ]
        packages = _packages(start)
    total_us = sum(packages.values())
    return [
        Table(
            title="Query: cold start, import to first response",
            note="CPU time of a fresh process with one alert. ratio: ours to the other stack.",
            rows=[
                {
                    "stack": stack,
                    "ms": median(one[stack] for one in rounds) * 1_000,
                    "ours, ms": median(one["ours"] for one in rounds) * 1_000,
                    "ratio": median(one["ours"] / one[stack] for one in rounds),
                }
                for stack in (STOCK, STOCK_NEVER_COMPILED)
            ],
        ),
        Table(
            title="Query: imports of a cold start",
            note="Import time of each package's own modules (-X importtime).",
            rows=[
                {"package": name, "ms": us / 1_000, "share": us / total_us}
                for name, us in packages.most_common(SHOWN)
            ],
        ),
    ]


@contextmanager
def start_file(data: object) -> Iterator[StartFile]:
    """Yield a start file for one alert, whose response has this data."""
    bodies = {
        f"GetItem {table}": base64.b64encode(
            response_body("GetItem", json.dumps({"TableName": table}).encode())
        ).decode()
        for table in ("AccessKeys", "AllEvents")
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"bodies": bodies}, file)
        file.flush()
        yield StartFile(file.name, data)


def cold_seconds(
    stack: str, start: StartFile, *, environment: Mapping[str, str] | None = None
) -> float:
    """Return the CPU seconds from a fresh process to its first response.

    Args:
        stack: `ours` or `stock`.
        start: The start file.
        environment: Variables that are added to the environment. By default, modules are compiled.

    Raises:
        ColdStartError: The process fails, or its response is wrong.
    """
    done = _run(stack, start, environment=environment)
    printed = json.loads(done.stdout)
    if printed["response"] != {"data": start.data}:
        raise ColdStartError(f"{stack}: {done.stdout}")
    return float(printed["seconds"])


def _run(
    stack: str, start: StartFile, *options: str, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, *options, "-m", "bench.queries.cold_start", stack, start.path],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **COMPILED, **(environment or {})},
    )
    if done.returncode != 0:
        raise ColdStartError(f"{stack}: {done.stderr[-1_000:]}")
    return done


def _packages(start: StartFile) -> Counter[str]:
    """Return the microseconds that the imports of our stack take, by package."""
    lines = _run("ours", start, "-X", "importtime").stderr
    found: Counter[str] = Counter()
    for own_us, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", lines):
        package = name.partition(".")[0]
        is_standard = package in sys.stdlib_module_names
        found["the standard library" if is_standard else package] += int(own_us)
    return found
