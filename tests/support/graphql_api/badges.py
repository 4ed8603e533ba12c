"""Badges of a deployment without AWS: create one, and fetch it without an API key."""

from graphql_api.badges.badge import Badge, Metric
from graphql_api.badges.badge_store import BadgeStore
from tests.support.graphql_api.deployment import NOW, Deployment, Response

OPEN = Badge(Metric.OPEN, "octo")


def created(deployment: Deployment, badge: Badge = OPEN) -> str:
    """Return the token of a new badge."""
    return BadgeStore(deployment.client, "AccessKeys").create(badge, now=NOW)


def fetch(deployment: Deployment, file: str, **headers: str) -> Response:
    """Send a request for a badge, without an API key."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return deployment.send("GET", path=f"/badge/{file}", headers={"x-api-key": "", **named})
