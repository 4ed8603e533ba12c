"""A history for a world: repositories whose alerts were found, fixed, dismissed and reopened.

Owns the random choices, which are the same for the same seed. `fill` and `fill_repository` make the
past, without webhooks; `go_on` makes changes now, with webhooks.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.local.github.world import changes
from infra.local.github.world.records import Alert, Repository, Rule
from infra.local.github.world.world import World

RULES = (
    Rule(
        "py/sql-injection",
        "error",
        "critical",
        "SQL injection",
        ("security", "external/cwe/cwe-089"),
    ),
    Rule("js/xss", "error", "high", "Cross-site scripting", ("security", "external/cwe/cwe-079")),
    Rule("java/weak-crypto", "warning", "medium", "Weak cryptography", ("external/cwe/cwe-327",)),
    Rule("py/clear-text-log", "warning", "low", "Clear-text logging", ("external/cwe/cwe-532",)),
    Rule("js/unused", "note", None, "Unused variable", ("maintainability",)),
    Rule("CVE-2026-1", "error", "high", "Vulnerable package", ("vulnerability",), tool="Trivy"),
    Rule("no-tag", None, None, "A rule without a severity", (), tool="ESLint"),
)
REASONS = ("false positive", "won't fix", "used in tests", None)
_UNREPORTED = (frozenset({"fixed_at"}), frozenset({"updated_at"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """How much there is: each repository has `alerts` alerts, found in the last `days` days."""

    repositories: int = 200
    alerts: int = 100
    days: int = 365
    seed: int = 1


def fill(world: World, owner: str, past: Past | None = None) -> list[Repository]:
    """Make repositories with alerts in all states; return them. No webhook is sent."""
    past = past or Past()
    rng = random.Random(past.seed)  # noqa: S311
    start = world.clock() - timedelta(days=past.days)
    made = []
    for number in range(past.repositories):
        name = f"{owner}/repo-{number:03}"
        made.append(world.add_repository(name, created_at=start - timedelta(days=number)))
        _fill(world, made[-1], past, rng)
    return made


def fill_repository(world: World, repository: Repository, past: Past) -> None:
    """Make the alerts of one repository, in all states. No webhook is sent."""
    _fill(world, repository, past, random.Random(past.seed))  # noqa: S311


def _fill(world: World, repository: Repository, past: Past, rng: random.Random) -> None:
    now = world.clock().replace(microsecond=0)
    start = now - timedelta(days=past.days)
    with world.silent():
        for at in sorted(_times(rng, start, now, past.alerts)):
            _live(world, repository, rng, at, now)


def go_on(world: World, repositories: list[Repository], *, seed: int, steps: int) -> None:
    """Change alerts at the present time, each change with its webhook.

    New alerts have rules that the repository's alerts have already.
    """
    rng = random.Random(seed)  # noqa: S311
    for _ in range(steps):
        repository = rng.choice(repositories)
        alerts = [one for one in repository.alerts.values() if one.ref is None]
        if not alerts or rng.random() < 0.4:
            rules = sorted({one.rule for one in alerts}, key=lambda rule: rule.id) or RULES
            changes.create_alert(world, repository, rule=rng.choice(rules))
        else:
            _change(world, repository, rng.choice(alerts), rng, world.clock())


def _live(
    world: World, repository: Repository, rng: random.Random, at: datetime, now: datetime
) -> None:
    """Find an alert, and change it until its next change would be in the future."""
    ref = f"refs/pull/{rng.randrange(1, 500)}/merge" if rng.random() < 0.05 else None
    alert = changes.create_alert(world, repository, rule=rng.choice(RULES), at=at, ref=ref)
    alert.path, alert.line = f"src/module_{rng.randrange(50)}.py", rng.randrange(1, 2000)
    while rng.random() < 0.7:
        at += timedelta(seconds=int(rng.expovariate(1 / (20 * 86_400))) + 60)
        if at >= now:
            return
        _change(world, repository, alert, rng, at)
    if alert.state == "fixed" and rng.random() < 0.1:
        alert.unreported = rng.choice(_UNREPORTED)


def _change(
    world: World, repository: Repository, alert: Alert, rng: random.Random, at: datetime
) -> None:
    user = world.account("octocat", is_organisation=False)
    if alert.state == "open" and rng.random() < 0.7:
        changes.fix(world, repository, alert, at=at)
    elif alert.state == "open":
        changes.dismiss(world, repository, alert, reason=rng.choice(REASONS), by=user, at=at)
    else:
        by = user if alert.state == "dismissed" else None
        changes.reopen(world, repository, alert, by=by, at=at)


def _times(rng: random.Random, start: datetime, now: datetime, number: int) -> Iterator[datetime]:
    seconds = int((now - start).total_seconds())
    for _ in range(number):
        yield start + timedelta(seconds=rng.randrange(seconds))
