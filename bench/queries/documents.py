"""The GraphQL documents that the stacks are measured with. Imports only the standard library.

To measure another document, add it to `DOCUMENTS`, and the rows that it reads to `rows`.
"""

import json

ONE_ALERT = "one alert"
ALERTS = "100 alerts"
OVERVIEWS = "100 overviews"
YEAR = "365 days"
REPOSITORIES = "500 repositories"

_ALERT = "id alertURL organisationName repositoryName state severity tool rule createdAt closedAt"
_OVERVIEW = (
    "id repositoryName organisationName monthlyPeriod openAlerts numberFixed numberManuallyClosed "
    "totalTimeToRemediate meanTimeToRemediate"
)


def _body(query: str, **variables: str) -> str:
    return json.dumps({"query": query, "variables": variables})


DOCUMENTS: dict[str, str] = {
    ONE_ALERT: _body(
        f"query Alert($id: ID!) {{ getAlert(id: $id) {{ {_ALERT} }} }}", id="octo/cat/1"
    ),
    ALERTS: _body(f"{{ getAlerts(limit: 100) {{ data {{ {_ALERT} }} nextToken }} }}"),
    OVERVIEWS: _body(
        f"{{ getRepositoryOverviews(limit: 100) {{ data {{ {_OVERVIEW} }} nextToken }} }}"
    ),
    YEAR: _body(
        "query Year($o: String!) { organisation(name: $o) { metrics(from: "
        '"now-364d", interval: DAY) { periodStart opened closed openAtEnd '
        "meanTimeToRemediate(unit: DAYS) medianTimeToRemediate(unit: DAYS) } } }",
        o="octo",
    ),
    REPOSITORIES: _body(
        "query Quarter($o: String!) { organisation(name: $o) { metrics("
        'from: "now-2M/M", to: "now/M", interval: TOTAL, groupBy: REPOSITORY) '
        "{ group opened closed openAtEnd medianTimeToRemediate(unit: DAYS) } } }",
        o="octo",
    ),
}
"""The body of each request."""
