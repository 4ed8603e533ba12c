"""The alerts of a large organisation, as the indexes of All Events contain them, for `rules`.

Owns their number and their values. Requests that do not ask for the rules of alerts get none: those
of ages, which are measured without open alerts on the days of their edges.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ingest.alerts.packed_details import pack_details
from ingest.facts.details import Details, DetailsReport

ALERTS = {"acme#OPEN": 60_000, "acme#CLOSED": 39_000}
"""The alerts of the organisation, by the partition of the index."""
ALERTS_OF_REPOSITORY = {"OPEN": 5_500, "CLOSED": 3_500}
"""The alerts of any repository, by state."""
ALERTS_IN_A_PAGE = 2_300
"""A page of 1 MB of the index: about 450 bytes for each alert."""

_FIRST_CLOSED = 1_000_000
"""The numbers of closed alerts start here, so that no alert is both open and closed."""
_DETAILS = pack_details(
    DetailsReport(
        1_795_000_000_000,
        Details(
            description="Writing user input directly to a web page allows for scripting.",
            tags=("external/cwe/cwe-079", "external/cwe/cwe-116", "security"),
            path="src/pages/search.js",
            start_line=12,
        ),
    )
)


def page(request: Mapping[str, Any]) -> str:
    """Return a page of an index as JSON."""
    if "#rule" not in request["ProjectionExpression"]:
        return '{"Items":[]}'
    partition = request["ExpressionAttributeValues"][":v0"]["S"]
    name, _, state = partition.partition("#")
    number = ALERTS_OF_REPOSITORY.get(state, 0) if "/" in name else ALERTS.get(partition, 0)
    if "#closedAt" in request.get("FilterExpression", ""):
        number = 0  # the window ends today, so no alert was closed after it
    first = int(request.get("ExclusiveStartKey", {}).get("stateAt", {}).get("S", 0)) + 1
    last = min(number, first + ALERTS_IN_A_PAGE - 1)
    items = [_alert(one, state) for one in range(first, last + 1)]
    found: dict[str, Any] = {"Items": items}
    if last < number:
        found["LastEvaluatedKey"] = {"stateAt": {"S": str(last)}}
    return json.dumps(found, separators=(",", ":"))


def details(keys: Iterable[Mapping[str, Any]]) -> str:
    """Return the details of alerts as a JSON list."""
    items = [{**key, "details": {"S": _DETAILS}} for key in keys]
    return json.dumps(items, separators=(",", ":"))


def _alert(number: int, state: str) -> dict[str, dict[str, str]]:
    at = f"2026-{number % 9 + 1:02}-{number % 28 + 1:02}T09:00:00.000Z"
    closing = {"closedAt": {"S": at}, "closedAs": {"S": "FIXED"}} if state == "CLOSED" else {}
    return {
        "repositoryName": {"S": f"acme/repository-{number % 5_000:05}"},
        "alertID": {"N": str(number if state == "OPEN" else number + _FIRST_CLOSED)},
        "createdAt": {"S": "2026-01-05T09:00:00.000Z"},
        "stateAt": {"S": at},
        "organisationState": {"S": f"acme#{state}"},
        "severity": {"S": "HIGH"},
        "tool": {"S": "CodeQL"},
        "rule": {"S": f"js/rule-with-a-long-name-{number % 300}"},
        **closing,
    }
