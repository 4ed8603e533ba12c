"""An independent recount: the rows that must exist, computed from the expected alerts only.

Owns the comparison of the tables with the expected alerts: the state of every alert, and the
readable numbers of every row of both overviews. `gcsmttr verify` compares what is packed in them.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from infra.local.deployment import Deployment
from tests.chaos.story import Expected, Story

_NUMBERS = ("openAlerts", "numberFixed", "numberManuallyClosed", "totalTimeToRemediate")
Rows = dict[tuple[str, str], Counter[str]]


def differences(deployment: Deployment, story: Story) -> list[str]:
    """Return a line for each alert and each row that is not as expected."""
    found: list[str] = []
    stored: dict[tuple[str, int], Any] = {}
    repositories: Rows = {}
    organisations: Rows = {}
    for name in story.repositories:
        for item in _query(deployment, "AllEventsTable", "repositoryName", name):
            stored[name, int(item["alertID"]["N"])] = _state(item)
        repositories |= _numbers(deployment, "RepositoryOverviewTable", "repositoryName", name)
    for owner in story.owners:
        organisations |= _numbers(
            deployment, "OrganisationOverviewTable", "organisationName", owner
        )
    for alert in story.expected:
        state = stored.pop((alert.repository, alert.number), None)
        if state != (wanted := _wanted(alert)):
            found.append(f"{alert.repository}/{alert.number}: expected {wanted}, found {state}")
    found += [f"{name}/{number}: not expected" for name, number in stored]
    found += _compare("repository", expected_rows(story.expected, owners=False), repositories)
    found += _compare("organisation", expected_rows(story.expected, owners=True), organisations)
    return found


def expected_rows(alerts: Iterable[Expected], *, owners: bool) -> Rows:
    """Return the numbers of each day, each month and all time, by name and period."""
    rows: Rows = {}
    for alert in alerts:
        name = alert.repository.partition("/")[0] if owners else alert.repository
        at = alert.closed_at or alert.created_at
        for period in _periods(at):
            row = rows.setdefault((name, period), Counter())
            if alert.closed_at is None:
                row["openAlerts"] += 1
                continue
            row["numberFixed" if alert.closed_as == "FIXED" else "numberManuallyClosed"] += 1
            seconds = (alert.closed_at - alert.created_at).total_seconds()
            row["totalTimeToRemediate"] += round(seconds * 1_000)
    return rows


def _periods(at: datetime) -> tuple[str, str, str]:
    return f"DAY#{at:%Y-%m-%d}", f"MONTH#{at:%Y-%m}", "ALL"


def _wanted(alert: Expected) -> tuple[str, str | None, str]:
    state = "OPEN" if alert.closed_at is None else "CLOSED"
    at = alert.closed_at or alert.created_at
    return state, alert.closed_as, f"{at:%Y-%m-%dT%H:%M:%S}"


def _state(item: dict[str, Any]) -> tuple[str | None, str | None, str]:
    """Return the state of a row, whether it was fixed or dismissed, and the time of its state."""
    state = item.get("state", {}).get("S")
    closed_as = item.get("closedAs", {}).get("S") if state == "CLOSED" else None
    known = None if closed_as is None else "FIXED" if closed_as == "FIXED" else "DISMISSED"
    return state, known, item.get("stateAt", {}).get("S", "")[:19]


def _numbers(deployment: Deployment, table: str, attribute: str, name: str) -> Rows:
    rows = {}
    for item in _query(deployment, table, attribute, name):
        if not item["period"]["S"].startswith("PART#"):
            numbers = {key: int(item.get(key, {}).get("N", 0)) for key in _NUMBERS}
            rows[name, item["period"]["S"]] = Counter(numbers)
    return rows


def _compare(level: str, expected: Rows, found: Rows) -> list[str]:
    # A row that counted something once stays, with zeros.
    return [
        f"{level} {name} {period}: expected {dict(+wanted)}, found {dict(+actual)}"
        for name, period in sorted(expected.keys() | found.keys())
        if (wanted := expected.get((name, period), Counter()))
        != (actual := found.get((name, period), Counter()))
    ]


def _query(deployment: Deployment, table: str, attribute: str, name: str) -> list[dict[str, Any]]:
    pages = (
        deployment.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=deployment.outputs[table],
            KeyConditionExpression="#name = :name",
            ExpressionAttributeNames={"#name": attribute},
            ExpressionAttributeValues={":name": {"S": name.lower()}},
            ConsistentRead=True,
        )
    )
    return [item for page in pages for item in page["Items"]]
