"""How long a cold start takes: CPU time from a fresh process to its first answer, side by side.

Both sides find their compiled modules beside the sources, or both do not: a bundle that is packed
without them, or whose files got new times, compiles everything anew at each cold start. A start
that is not counted sees to it that they are there, also where Python is told not to write any.
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
from pathlib import Path
from statistics import median
from typing import Any

from bench.queries.data import ENVIRONMENT, KEY, canned_body
from bench.table import Table

SIDES = ("stock", "ours")
ROUNDS = 15
SHOWN = 8
ROOT = Path(__file__).resolve().parents[2]
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
NEVER_COMPILED = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "/nonexistent"}


class NoAnswerError(Exception):
    """A side did not start, or answered something else; the message says what."""


def cold_starts(body: str, answer: object) -> list[Table]:
    """Return the comparison of cold starts, and what ours is made of."""
    with prepared(body) as told:
        for side in SIDES:
            cold_seconds(side, told, answer, compiled=True)
        rounds = [
            {
                (side, compiled): cold_seconds(side, told, answer, compiled=compiled)
                for side in SIDES
                for compiled in (True, False)
            }
            for _ in range(ROUNDS)
        ]
        packages = _packages(told)
    base = ("stock", True)
    whole = sum(packages.values())
    return [
        Table(
            title="Query: cold start, import to first answer",
            note="CPU time of a fresh process over one alert, as a ratio to the stock stack's.",
            rows=[
                {
                    "side": side,
                    "compiled": "beside the sources" if compiled else "nowhere",
                    "ms": median(one[side, compiled] for one in rounds) * 1_000,
                    "ratio": median(one[side, compiled] / one[base] for one in rounds),
                }
                for side, compiled in rounds[0]
            ],
        ),
        Table(
            title="Query: what our imports are made of",
            note="Time spent in the modules of a package themselves (-X importtime).",
            rows=[
                {"package": name, "ms": us / 1_000, "share": us / whole}
                for name, us in packages.most_common(SHOWN)
            ],
        ),
    ]


@contextmanager
def prepared(body: str) -> Iterator[str]:
    """Yield the path of a file with all that a cold start needs to answer one request."""
    responses = {
        f"GetItem {table}": base64.b64encode(
            canned_body("GetItem", json.dumps({"TableName": table}).encode())
        ).decode()
        for table in ("AccessKeys", "AllEvents")
    }
    told = {"environment": ENVIRONMENT, "key": KEY, "body": body, "responses": responses}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(told, file)
        file.flush()
        yield file.name


def cold_seconds(
    side: str,
    told: str,
    answer: object,
    *,
    compiled: bool = True,
    environment: Mapping[str, str] | None = None,
) -> float:
    """Return the CPU seconds from a fresh process to its first answer.

    Raises:
        NoAnswerError: The process fails, or answers something else.
    """
    compiling = COMPILED if compiled else NEVER_COMPILED
    done = _run(side, told, environment={**compiling, **(environment or {})})
    found: dict[str, Any] = json.loads(done.stdout)
    if found["answer"] != {"data": answer}:
        raise NoAnswerError(f"{side}: {done.stdout}")
    seconds: float = found["seconds"]
    return seconds


def _run(
    side: str, told: str, *options: str, environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, *options, "-m", "bench.queries.cold_start", side, told],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    if done.returncode != 0:
        raise NoAnswerError(f"{side}: {done.stderr[-1_000:]}")
    return done


def _packages(told: str) -> Counter[str]:
    """Return the microseconds that importing took, by package."""
    lines = _run("ours", told, "-X", "importtime", environment=COMPILED).stderr
    found: Counter[str] = Counter()
    for own, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", lines):
        package = name.partition(".")[0]
        known = package not in sys.stdlib_module_names
        found[package if known else "the standard library"] += int(own)
    return found
