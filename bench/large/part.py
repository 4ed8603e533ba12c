"""The large part: CPU time, memory and reads of whole requests for large organisations.

Each query runs in a process of its own (`worker`), and reads DynamoDB over HTTP from another
process (`server`), so that only the query is measured. Nothing here asserts.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from bench.report import Table, Value

ROOT = Path(__file__).resolve().parents[2]


def _top(by: str, *, fields: str = "group opened closed openAtEnd", arguments: str = "") -> str:
    return (
        '{ organisation(name: "acme") { metrics(interval: TOTAL, groupBy: REPOSITORY, '
        f"top: {{groups: 10, by: {by}}}{arguments}) {{ {fields} }} }} }}"
    )


_CHANGE = "group closed change(of: CLOSED) meanTimeToRemediate"
RANKINGS: Mapping[str, str] = {
    "top 10 by opened": _top("OPENED"),
    "top 10 by open": _top("OPEN_AT_END"),
    "top 10 by mean": _top("MEAN_TIME_TO_REMEDIATE"),
    "top 10 by closed, change": _top("CLOSED", fields=_CHANGE),
    "top 10 by median": _top("MEDIAN_TIME_TO_REMEDIATE", fields="group medianTimeToRemediate"),
    "top 10 by p90, critical": _top(
        "P90_TIME_TO_REMEDIATE", arguments=", filter: {severity: CRITICAL}"
    ),
    "top 10 by closed, high": _top("CLOSED", arguments=", filter: {severity: HIGH}"),
    "top 10 by closed, a tool": _top("CLOSED", arguments=', filter: {tool: "CodeQL"}'),
    "top 10 by closed, default": _top("CLOSED", arguments=", filter: {branch: DEFAULT}"),
}
_BY_TEAM = "groupBy: TEAM"
TEAMS: Mapping[str, str] = {
    "top 10 teams by opened": _top("OPENED").replace("groupBy: REPOSITORY", _BY_TEAM),
    "all teams, closed and median": (
        '{ organisation(name: "acme") { metrics(interval: TOTAL, groupBy: TEAM) '
        "{ group closed medianTimeToRemediate } } }"
    ),
    "one team by month": (
        '{ organisation(name: "acme") { metrics(filter: {team: "team-007"}) '
        "{ opened closed medianTimeToRemediate } } }"
    ),
    "last week, not archived": (
        '{ organisation(name: "acme") { metrics(from: "now-1w/w", to: "now-1w/w", interval: TOTAL, '
        'filter: {archived: false, notRepository: ["acme/demo-*"]}) '
        "{ opened closed net before(of: OPENED) } } }"
    ),
}
"""Groups by team, and filters by facts."""
_OF_ACME = 'organisation(name: "acme")'
_BY_REPOSITORY = "groupBy: REPOSITORY, top: {groups: 10, by: "
DUE: Mapping[str, str] = {
    "top 10 by overdue": (
        f"{{ {_OF_ACME} {{ backlog({_BY_REPOSITORY}OVERDUE}}) {{ group open overdue }} }} }}"
    ),
    "overdue and ages of all": (
        f"{{ {_OF_ACME} {{ backlog {{ open overdue medianAge dueWithin(days: 7) }} }} }}"
    ),
    "service levels of a year": (
        f'{{ {_OF_ACME} {{ serviceLevels(from: "now-11M/M", interval: MONTH) {{ compliance }} }} }}'
    ),
    "top 10 not met, critical": (
        f"{{ {_OF_ACME} {{ serviceLevels({_BY_REPOSITORY}NOT_MET}}, "
        "filter: {severity: CRITICAL}) { group due met } } }"
    ),
}
"""Queries by due date. The server of this part has no alerts, so the edges of days are not read."""


def _aliased(number: int, field: str) -> str:
    return " ".join(f"a{index}: {field}" for index in range(number))


_RULES = "opened closed falsePositiveShare medianTimeToRemediate"
WORST: Mapping[str, str] = {
    "50 rankings": (
        f"{{ {_OF_ACME} {{ "
        + _aliased(
            50,
            "metrics(interval: TOTAL, groupBy: REPOSITORY, top: {groups: 9, by: CLOSED}) { group }",
        )
        + " } }"
    ),
    "16 percentiles of 5,000": (
        f"{{ {_OF_ACME} {{ metrics(interval: TOTAL, groupBy: REPOSITORY) {{ "
        + _aliased(16, "percentileTimeToRemediate(percent: 99)")
        + " } } }"
    ),
    "9,000 days, changes": (
        f'{{ {_OF_ACME} {{ metrics(from: "now-9000d", interval: DAY) {{ change(of: CLOSED) '
        "p90: change(of: P90_TIME_TO_REMEDIATE) open: change(of: OPEN_AT_END) } } }"
    ),
    "59 x 9,000 days": (
        f"{{ {_OF_ACME} {{ "
        + _aliased(59, 'metrics(from: "now-9000d", filter: {tool: "CodeQL"}) { closed }')
        + " } }"
    ),
    "all organisations": (
        "{ organisations { "
        + _aliased(12, 'metrics(from: "now-9000d", interval: DAY) { closed }')
        + " } }"
    ),
    "two years by median": _top("MEDIAN_TIME_TO_REMEDIATE").replace(
        "metrics(", 'metrics(from: "now-23M/M", '
    ),
    "year by median, by creation": _top("MEDIAN_TIME_TO_REMEDIATE", arguments=", basis: OPENED"),
    "weeks of 40 of 5,000": (
        f'{{ {_OF_ACME} {{ metrics(from: "now-1y", interval: WEEK, groupBy: REPOSITORY, '
        "top: {groups: 40, by: CLOSED}) { closed change(of: CLOSED) } } }"
    ),
    "rules of 99,000 alerts": f"{{ {_OF_ACME} {{ rules {{ key open {_RULES} }} }} }}",
    "CWEs of 9,000 alerts": (
        f'{{ repository(name: "acme/repository-00001") {{ rules(by: CWE) {{ key {_RULES} }} }} }}'
    ),
    "16 ages of 5,000": (
        f"{{ {_OF_ACME} {{ backlog(groupBy: REPOSITORY, filter: {{severity: HIGH}}) {{ "
        + " ".join(f"o{days}: olderThan(days: {days})" for days in range(1, 400, 25))
        + " } } }"
    ),
}
"""The most expensive queries that the limits allow, and some that they just refuse."""

OF_20_000 = ("top 10 by opened", "top 10 by closed, change", "top 10 by median")


def measure() -> list[Table]:
    """Return the tables of this part."""
    with serving(5_000, 20) as port:
        rows = _costs("5,000 x 20", port, {**RANKINGS, **DUE, **TEAMS})
        worst = _costs("5,000 x 20", port, WORST)
    with serving(20_000, 20) as port:
        rows += _costs("20,000 x 20", port, {name: RANKINGS[name] for name in OF_20_000})
    return [
        Table(
            title="Query: large organisations",
            note="Repositories x alerts a month, 12 months. Per request: CPU time, peak memory,"
            " requests to DynamoDB,\nMB of their responses, and the reason of an error.",
            rows=rows,
        ),
        Table(
            title="Query: the most that a request can cost",
            note="The same figures for queries at the limits of the budget.",
            rows=worst,
        ),
    ]


def _costs(organisation: str, port: int, queries: Mapping[str, str]) -> list[dict[str, Value]]:
    return [
        {"organisation": organisation, "query": name, **cost_of(query, port=port)}
        for name, query in queries.items()
    ]


def cost_of(query: str, *, port: int) -> dict[str, Value]:
    """Run a query in a process of its own, and return what it used."""
    _take_reads(port)
    done = subprocess.run(
        [sys.executable, "-m", "bench.large.worker", str(port)],
        cwd=ROOT,
        input=json.dumps({"query": query}),
        capture_output=True,
        check=True,
        text=True,
    )
    found, reads = json.loads(done.stdout), _take_reads(port)
    errors = found["response"].get("errors")
    return {
        "CPU s": found["seconds"],
        "peak MB": found["peak_mb"],
        "reads": reads["reads"],
        "MB": reads["bytes"] / 1e6,
        "error": errors[0]["extensions"]["reason"] if errors else "",
    }


@contextmanager
def serving(repositories: int, alerts_a_month: int) -> Iterator[int]:
    """Serve the rows of a workload, and yield the port."""
    workload = (str(repositories), str(alerts_a_month))
    arguments = [sys.executable, "-m", "bench.large.server", *workload]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def _take_reads(port: int) -> dict[str, Any]:
    target = {"x-amz-target": "Bench.TakeReads"}
    request = Request(f"http://127.0.0.1:{port}", b"{}", target)
    with urlopen(request) as response:  # noqa: S310
        reads: dict[str, Any] = json.loads(response.read())
        return reads
