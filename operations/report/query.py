"""The only request of a report: a query to the API, with an API key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx2

from operations.report.errors import ReportError

_TIMEOUT_S = 60
DUE_SOON_DAYS = 7
_REPOSITORIES = 10
"""The repositories in the report."""
_ALERTS = 20
"""The overdue alerts in the report."""

_FIELDS = """
  name lastEventAt
  backlog(filter: $filter) { open overdue dueSoon: dueWithin(days: %(soon)d) }
  bySeverity: backlog(groupBy: SEVERITY, filter: $filter) {
    group open overdue dueSoon: dueWithin(days: %(soon)d)
  }
  metrics(interval: TOTAL, from: $from, filter: $filter) {
    periodStart periodEnd
    ...Times
    changeOfOpen: change(of: OPEN_AT_END)
    changeOfOpened: change(of: OPENED)
    changeOfClosed: change(of: CLOSED)
    changeOfMean: change(of: MEAN_TIME_TO_REMEDIATE)
    changeOfMedian: change(of: MEDIAN_TIME_TO_REMEDIATE)
    changeOfP90: change(of: P90_TIME_TO_REMEDIATE)
  }
  timesBySeverity: metrics(interval: TOTAL, from: $from, filter: $filter, groupBy: SEVERITY) {
    group ...Times
  }
  weeks: metrics(interval: WEEK, from: $from, filter: $filter) {
    periodStart openAtEnd ...Times
  }
  serviceLevels(from: $from, filter: $filter) { severity targetDays due met }
  alerts(state: OPEN, overdue: true, sortDirection: asc, limit: %(listed)d, filter: $filter) {
    data { id alertURL repositoryName severity ruleDescription rule createdAt dueAt }
  }
"""
_WORST = """
  worst: backlog(groupBy: REPOSITORY, top: { groups: %(worst)d, by: OVERDUE }, filter: $filter) {
    group open overdue medianAge(unit: DAYS)
  }
"""
_TIMES = """
fragment Times on MetricsPoint {
  opened closed net
  mean: meanTimeToRemediate(unit: DAYS)
  median: medianTimeToRemediate(unit: DAYS)
  p90: p90TimeToRemediate(unit: DAYS)
}
"""
_SIZES = {"soon": DUE_SOON_DAYS, "listed": _ALERTS, "worst": _REPOSITORIES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the report is about: an organisation, one of its teams, or a repository."""

    name: str
    is_organisation: bool
    team: str | None = None
    severities: Sequence[str] = ()

    @property
    def title(self) -> str:
        """The subject for people, such as `octo-org, team payments`."""
        severities = f", {' and '.join(self.severities)} only" if self.severities else ""
        team = f", team {self.team}" if self.team else ""
        return f"{self.name}{team}{severities}"

    @property
    def filter(self) -> Mapping[str, Sequence[str]]:
        """The value of the argument `filter`."""
        conditions = {"team": [self.team] if self.team else None, "severity": self.severities}
        return {name: value for name, value in conditions.items() if value}


class Response(NamedTuple):
    """The response about a subject, and the messages of its warnings."""

    scope: Mapping[str, Any]
    warnings: Sequence[str]


def ask(url: str, key: str, subject: Subject, *, days: int) -> Response:
    """Return the response about the last days of a subject, today included.

    Raises:
        ReportError: The API refuses the query, cannot be reached, or does not know the name.
    """
    kind = "organisation" if subject.is_organisation else "repository"
    fields = _FIELDS + (_WORST if subject.is_organisation else "")
    head = "query Report($name: String!, $from: Day!, $filter: AlertFilter)"
    document = f"{head} {{ {kind}(name: $name) {{ {fields % _SIZES} }} }} {_TIMES}"
    variables = {
        "name": subject.name,
        "from": f"now-{days - 1}d" if days > 1 else "now",
        "filter": subject.filter,
    }
    body = _send(url, key, {"query": document, "variables": variables})
    if errors := body.get("errors"):
        messages = "; ".join(str(error["message"]) for error in errors)
        raise ReportError(
            f"The API refused the query: {messages}",
            next_step="Check the key and the options.",
        )
    scope = body["data"][kind]
    if scope["lastEventAt"] is None:
        raise ReportError(f"No event ever arrived for {subject.name}.", next_step="Check the name.")
    warnings = body.get("extensions", {}).get("warnings", ())
    return Response(scope, [str(warning["message"]) for warning in warnings])


def _send(url: str, key: str, request: Mapping[str, object]) -> Mapping[str, Any]:
    try:
        response = httpx2.post(url, headers={"x-api-key": key}, json=request, timeout=_TIMEOUT_S)
        body = response.json()
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise ReportError(
            f"The API at {url} cannot be reached: {error}", next_step="Check the address."
        ) from error
    except ValueError:
        body = None
    if not isinstance(body, dict) or not ("data" in body or "errors" in body):
        raise ReportError(
            f"{url} responds with status {response.status_code}, and not like the API.",
            next_step="Check that it is the output GraphqlUrl of the stack.",
        )
    return body
