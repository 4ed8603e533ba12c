"""An organisation whose history fills every panel of the dashboard.

The choices are the same each time; only the times count back from now.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ingest.events.alert_event import AlertEvent
from ingest.facts.details import Details
from ingest.terms import ClosedAs, Ref, Severity
from tests.support.graphql_api.deployment import Deployment, alert, closing

NAME = "octo-org"
TEAMS = {
    "platform": ("api-gateway", "deploy-tools"),
    "payments": ("payments", "billing"),
    "web": ("website", "mobile-app"),
}
REPOSITORIES = [f"{NAME}/{name}" for names in TEAMS.values() for name in names]
MOST_DAYS = 400
"""The age of the oldest alert can be this many days."""
_SEVERITIES = (
    *(Severity.CRITICAL, Severity.HIGH, Severity.HIGH, Severity.MEDIUM, Severity.MEDIUM),
    *(Severity.LOW, Severity.WARNING),
)
_RULES = {
    "js/xss": "Client-side cross-site scripting",
    "py/sql-injection": "SQL query built from user-controlled sources",
    "js/path-injection": "Uncontrolled data used in path expression",
    "java/log-injection": "Log injection",
    "CVE-2026-1234": "Out-of-date package with a known vulnerability",
}
_DISMISSALS = (ClosedAs.FALSE_POSITIVE, ClosedAs.FALSE_POSITIVE, ClosedAs.WONT_FIX)


def fill(deployment: Deployment, *, alerts: int = 240) -> None:
    """Record the alerts of the organisation, and what GitHub reports about its repositories."""
    deployment.record(*_events(datetime.now(UTC).replace(microsecond=0), alerts))
    for team, names in TEAMS.items():
        for name in names:
            deployment.report(f"{NAME}/{name}", properties=(("team", (team,)),))
    deployment.roll_up()


def _events(now: datetime, alerts: int) -> Iterator[AlertEvent]:
    chance = random.Random(14)  # noqa: S311
    for number in range(1, alerts + 1):
        repository = REPOSITORIES[min(int(chance.expovariate(0.6)), len(REPOSITORIES) - 1)]
        severity = chance.choice(_SEVERITIES)
        rule = chance.choice(list(_RULES))
        hours = 1 + round(MOST_DAYS * 24 * chance.random() ** 0.9)
        created_at = now - timedelta(hours=hours)
        created = alert(
            number,
            repository=repository,
            severity=severity,
            tool="Trivy" if rule.startswith("CVE") else "CodeQL",
            rule=rule,
            ref=Ref.OTHER if chance.random() < 0.1 else Ref.DEFAULT,
            created_at=created_at,
            details=Details(description=_RULES[rule], path="src/app.js", start_line=number),
        )
        yield created
        mean = {Severity.CRITICAL: 6, Severity.HIGH: 22}.get(severity, 45)
        closed_at = created_at + timedelta(days=chance.expovariate(1 / mean))
        if closed_at < now and chance.random() < 0.88:
            is_fix = rule != "java/log-injection" and chance.random() < 0.8
            closed_as = ClosedAs.FIXED if is_fix else chance.choice(_DISMISSALS)
            yield closing(created, closed_at.replace(microsecond=0), closed_as)
