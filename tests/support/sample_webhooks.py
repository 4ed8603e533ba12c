"""Sample webhooks for tests: the alerts of a few repositories in the last months.

Owns the payloads, in the form of GitHub's webhook `code_scanning_alert`. Only their times
differ from day to day: they are counted back from now.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

_REPOSITORIES = (
    "orgName/repoName",
    "orgName/payments",
    "orgName/website",
    "acme/rocket",
    "octocat/hello-world",
)
_LEVELS = ("critical", "high", "medium", "low", None)
_REASONS = ("false positive", "won't fix", "used in tests", None)
ALERTS_EACH = 24


def story(now: datetime) -> Iterator[dict[str, Any]]:
    """Yield the deliveries of all sample alerts, those of one alert in the order of their times."""
    start = now.astimezone(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    for index, repository in enumerate(_REPOSITORIES):
        for number in range(1, ALERTS_EACH + 1):
            created = start - timedelta(days=7 * (ALERTS_EACH - number) + index + 1)
            yield from _deliveries_of(repository, number, created)


def _deliveries_of(repository: str, number: int, created: datetime) -> Iterator[dict[str, Any]]:
    yield payload("created", repository, number, created)
    closed = created + timedelta(hours=5 + (number * 37) % 500)
    if closed > created + timedelta(days=7 * (ALERTS_EACH - number)):
        return
    if number % 6 == 5:
        yield payload(
            "closed_by_user", repository, number, created,
            dismissed_at=_text(closed), dismissed_reason=_REASONS[number % 4], state="dismissed",
        )  # fmt: skip
    elif number % 3:
        yield payload(
            "fixed", repository, number, created,
            fixed_at=_text(closed), updated_at=_text(closed), state="fixed",
        )  # fmt: skip
    if number % 8 == 7:
        reopened = closed + timedelta(hours=2)
        yield payload("reopened", repository, number, created, updated_at=_text(reopened))


def payload(
    action: str, repository: str, number: int, created: datetime, **alert: object
) -> dict[str, Any]:
    """Return the payload of one delivery; `alert` overrides fields of the alert."""
    owner = repository.partition("/")[0]
    level = _LEVELS[number % len(_LEVELS)]
    by_user = action == "closed_by_user"
    delivery: dict[str, Any] = {
        "action": action,
        "ref": "" if by_user else "refs/heads/main",
        "commit_oid": "" if by_user else f"{number:040x}",
        "alert": {
            "number": number,
            "created_at": _text(created),
            "url": f"https://api.github.com/repos/{repository}/code-scanning/alerts/{number}",
            "html_url": f"https://github.com/{repository}/security/code-scanning/{number}",
            "state": "open",
            "fixed_at": None,
            "dismissed_by": None,
            "dismissed_at": None,
            "dismissed_reason": None,
            "rule": {
                "id": f"js/rule-{number % 7}",
                "severity": "warning",
                "security_severity_level": level,
                "description": "A sample rule",
            },
            "tool": {"name": "Trivy" if number % 4 == 0 else "CodeQL", "version": None},
            **alert,
        },
        "repository": {
            "full_name": repository,
            "name": repository.partition("/")[2],
            "default_branch": "main",
            "owner": {"login": owner},
        },
        "sender": {"login": "github"},
    }
    if owner != "octocat":
        delivery["organization"] = {"login": owner}
    return delivery


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
