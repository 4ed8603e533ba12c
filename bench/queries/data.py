"""What the query side is asked in the benchmark, and what the tables hold meanwhile.

Owns the documents and the canned answers of DynamoDB, in its own JSON. To measure another document,
add it to `DOCUMENTS`; where it reads rows that are not here yet, add those to `canned`.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from ingest.terms import Branch, Severity
from rollup.metrics.counts import Cell, CellKey, Counts, Outcome
from rollup.metrics.histogram import bin_of
from rollup.metrics.period import ALL, day_key, month_key
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level, OverviewRow, to_items
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import Spelling

Item = dict[str, dict[str, Any]]

KEY = "gcsmttr_" + "A" * 43
ENVIRONMENT = {
    "ALL_EVENTS_TABLE": "AllEvents",
    "REPOSITORY_OVERVIEW_TABLE": "RepositoryOverview",
    "ORGANISATION_OVERVIEW_TABLE": "OrganisationOverview",
    "ACCESS_KEYS_TABLE": "AccessKeys",
    "CURSOR_SECRET": "none",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "POWERTOOLS_SERVICE_NAME": "query",
}
ALERTS, OVERVIEWS, REPOSITORIES, DAYS = 100, 100, 500, 365


@dataclass(frozen=True, slots=True)
class Document:
    """A document, its variables, and whether every side can be asked for it."""

    text: str
    variables: Mapping[str, str] = field(default_factory=dict)
    with_dynamodb: bool = True
    """Whether the stock stack can answer it from DynamoDB too: it has no rollup to read."""


_ALERT = "id alertURL organisationName repositoryName state severity tool rule createdAt closedAt"
_OVERVIEW = (
    "id repositoryName organisationName monthlyPeriod openAlerts numberFixed numberManuallyClosed "
    "totalTimeToRemediate meanTimeToRemediate"
)
DOCUMENTS: dict[str, Document] = {
    "one alert": Document(
        f"query Alert($id: ID!) {{ getAlert(id: $id) {{ {_ALERT} }} }}", {"id": "octo/cat/1"}
    ),
    f"{ALERTS} alerts": Document(
        f"{{ getAlerts(limit: {ALERTS}) {{ data {{ {_ALERT} }} nextToken }} }}"
    ),
    f"{OVERVIEWS} overviews": Document(
        f"{{ getRepositoryOverviews(limit: {OVERVIEWS}) {{ data {{ {_OVERVIEW} }} nextToken }} }}"
    ),
    f"{DAYS} days": Document(
        "query Year($o: String!) { organisation(name: $o) { metrics(from: "
        f'"now-{DAYS - 1}d", interval: DAY) {{ periodStart opened closed openAtEnd '
        "meanTimeToRemediate(unit: DAYS) medianTimeToRemediate(unit: DAYS) } } }",
        {"o": "octo"},
        with_dynamodb=False,
    ),
    f"{REPOSITORIES} repositories": Document(
        "query Quarter($o: String!) { organisation(name: $o) { metrics("
        'from: "now-2M/M", to: "now/M", interval: TOTAL, groupBy: REPOSITORY) '
        "{ group opened closed openAtEnd medianTimeToRemediate(unit: DAYS) } } }",
        {"o": "octo"},
        with_dynamodb=False,
    ),
}


def canned(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what DynamoDB would answer, with bytes as bytes."""
    values = request.get("ExpressionAttributeValues", {})
    bounds = [values[bound]["S"] for bound in (":first", ":last") if bound in values]
    return _answer(operation, request["TableName"], *bounds)


@cache
def _answer(operation: str, table: str, first: str = "", last: str = "") -> dict[str, Any]:
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
def canned_body(operation: str, request: bytes) -> bytes:
    """Return the same as the bytes of a response."""

    def as_text(value: bytes) -> str:
        return base64.b64encode(value).decode()

    return json.dumps(canned(operation, json.loads(request)), default=as_text).encode()


@cache
def alerts() -> list[Item]:
    """Return rows of All Events, as far as the API asks for their attributes."""
    return [_alert(number) for number in range(1, ALERTS + 1)]


@cache
def overviews() -> list[Item]:
    """Return monthly rows of repositories, as far as the API asks for their attributes."""
    month = datetime.now(UTC).date().replace(day=1)
    wanted = {
        *("repositoryName", "organisationName", "period", "monthlyPeriod", "openAlerts"),
        *("numberFixed", "numberManuallyClosed", "totalTimeToRemediate", "meanTimeToRemediate"),
        "repositorySpelling",
    }
    rows = [_row(REPOSITORY, f"octo/{place}", month_key(month)) for place in range(OVERVIEWS)]
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
        _row(REPOSITORY, f"octo/{place}", key)
        for key in sorted(keys)
        for place in range(REPOSITORIES)
    ]


def _days() -> list[date]:
    today = datetime.now(UTC).date()
    return [today - timedelta(days=before) for before in reversed(range(DAYS))]


def _row(level: Level, name: str, period: str) -> Item:
    day_ms = 86_400_000
    cells = {
        CellKey(severity, Branch.DEFAULT, "CodeQL", outcome): cell
        for severity in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)
        for outcome, cell in (
            (Outcome.OPENED, Cell(5)),
            (Outcome.OPEN, Cell(2, 2 * 1_795_000_000_000)),
            (Outcome.FIXED, Cell(3, 12 * day_ms, {bin_of(4 * day_ms): 3})),
        )
    }
    row = OverviewRow(
        key=RowKey(name, period),
        revision=1,
        counts=Counts(cells),
        spelling=Spelling(1_795_000_000_000, name),
    )
    return to_items(level, row)[0] | {"organisationName": {"S": "octo"}}
