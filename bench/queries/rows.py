"""The rows that the tables contain while the stacks are measured, as DynamoDB's responses."""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from bench.query_function import KEY
from ingest.terms import Branch, Severity
from rollup.metrics.counts import Cell, CellKey, Counts, Outcome
from rollup.metrics.histogram import bin_of
from rollup.metrics.period import ALL, day_key, month_key
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level, OverviewRow, to_items
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import Spelling

Item = dict[str, dict[str, Any]]

_ALERTS, _OVERVIEWS, _REPOSITORIES, _DAYS = 100, 100, 500, 365


def response(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the response of DynamoDB to a request, with binary values as bytes."""
    values = request.get("ExpressionAttributeValues", {})
    bounds = [values[bound]["S"] for bound in (":first", ":last") if bound in values]
    return _response(operation, request["TableName"], *bounds)


@cache
def _response(operation: str, table: str, first: str = "", last: str = "") -> dict[str, Any]:
    match operation, table:
        case "GetItem", "AccessKeys":
            return {"Item": _key()}
        case "GetItem", _:
            return {"Item": alerts()[0]}
        case "Scan", "AllEvents":
            return _page(alerts())
        case "Scan", _:
            return _page(overviews())
    rows = _organisation() if table == "OrganisationOverview" else _repositories()
    return _page(row for row in rows if first <= row["period"]["S"] <= last)


@cache
def response_body(operation: str, request: bytes) -> bytes:
    """Return the same response as DynamoDB's JSON."""

    def as_text(value: bytes) -> str:
        return base64.b64encode(value).decode()

    return json.dumps(response(operation, json.loads(request)), default=as_text).encode()


@cache
def alerts() -> list[Item]:
    """Return rows of All Events, with the attributes that the API reads."""
    return [_alert(number) for number in range(1, _ALERTS + 1)]


@cache
def overviews() -> list[Item]:
    """Return monthly rows of repositories, with the attributes that the API reads."""
    month = datetime.now(UTC).date().replace(day=1)
    wanted = {
        *("repositoryName", "organisationName", "period", "monthlyPeriod", "openAlerts"),
        *("numberFixed", "numberManuallyClosed", "totalTimeToRemediate", "meanTimeToRemediate"),
        "repositorySpelling",
    }
    rows = [_row(REPOSITORY, f"octo/{number}", month_key(month)) for number in range(_OVERVIEWS)]
    return [{name: value for name, value in row.items() if name in wanted} for row in rows]


def _page(items: Iterable[Item]) -> dict[str, Any]:
    found = list(items)
    return {"Items": found, "Count": len(found), "ScannedCount": len(found)}


def _key() -> Item:
    return {
        "keyHash": {"S": sha256(KEY.encode()).hexdigest()},
        "name": {"S": "bench"},
        "createdAt": {"S": "2026-11-01T09:00:00.000Z"},
    }


def _alert(number: int) -> Item:
    state = "OPEN" if number % 2 else "CLOSED"
    item: Item = {
        "repositoryName": {"S": "octo/cat"},
        "alertID": {"N": str(number)},
        "organisationName": {"S": "octo"},
        "repositorySpelling": {"S": "octo/cat"},
        "alertURL": {"S": f"https://github.com/octo/cat/security/code-scanning/{number}"},
        "state": {"S": state},
        "createdAt": {"S": f"2026-11-{number % 28 + 1:02}T09:00:00.000Z"},
        "severity": {"S": "HIGH"},
        "tool": {"S": "CodeQL"},
        "rule": {"S": "js/xss"},
        "branch": {"S": "DEFAULT"},
    }
    if state == "CLOSED":
        item |= {"closedAt": {"S": "2026-12-01T09:30:00.000Z"}, "closedAs": {"S": "FIXED"}}
    return item


@cache
def _organisation() -> list[Item]:
    days = _days()
    months = sorted({day.replace(day=1) for day in days})
    keys = [*map(day_key, days), *map(month_key, months), ALL]
    return sorted(
        (_row(ORGANISATION, "octo", key) for key in keys), key=lambda row: str(row["period"]["S"])
    )


@cache
def _repositories() -> list[Item]:
    keys = [*sorted({month_key(day) for day in _days()[-100:]}), ALL]
    return [
        _row(REPOSITORY, f"octo/{number}", key)
        for key in sorted(keys)
        for number in range(_REPOSITORIES)
    ]


def _days() -> list[date]:
    today = datetime.now(UTC).date()
    return [today - timedelta(days=before) for before in reversed(range(_DAYS))]


def _row(level: Level, name: str, period: str) -> Item:
    day_ms = 86_400_000
    cells = {
        CellKey(severity, Branch.DEFAULT, "CodeQL", outcome): cell
        for severity in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)
        for outcome, cell in (
            (Outcome.OPENED, Cell(5)),
            (Outcome.OPEN, Cell(2, 2 * 1_795_000_000_000)),
            (Outcome.FIXED, Cell(3, 12 * day_ms, {bin_of(4 * day_ms): 3})),
            (Outcome.COHORT_FIXED, Cell(3, 12 * day_ms, {bin_of(4 * day_ms): 3})),
        )
    }
    row = OverviewRow(
        key=RowKey(name, period),
        revision=1,
        counts=Counts(cells),
        spelling=Spelling(1_795_000_000_000, name),
    )
    return to_items(level, row)[0] | {"organisationName": {"S": "octo"}}
