"""The history of one organisation that looks like a real one: 14 months of a dozen repositories.

Three teams with different habits adopt code scanning. Before a release, alerts arrive faster than
they are closed; afterwards the backlog is worked off, and the teams stay faster than before.

Owns these habits and the random choices, which are the same at each start on a day. The history
ends at the last midnight, in UTC. No webhook is sent.
"""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.local.github.world import changes
from infra.local.github.world.records import Alert, Repository, Rule
from infra.local.github.world.world import World

DAYS = 425
"""The length of the history: 14 months."""


def _codeql(rule: str, severity: str | None, description: str, *cwes: str) -> Rule:
    level = "note" if severity is None else "error" if severity == "critical" else "warning"
    tags = ("security", *(f"external/cwe/cwe-{cwe}" for cwe in cwes))
    return Rule(rule, level, severity, description, tags if severity else ("maintainability",))


_PYTHON = (
    _codeql("py/sql-injection", "critical", "SQL query built from user input", "089"),
    _codeql("py/path-injection", "high", "Path built from user input", "022", "023"),
    _codeql("py/clear-text-logging-sensitive-data", "high", "Clear-text logging", "312", "532"),
    _codeql("py/weak-cryptographic-algorithm", "medium", "Weak cryptographic algorithm", "327"),
    _codeql("py/stack-trace-exposure", "medium", "Exposure of a stack trace", "209"),
    _codeql("py/unused-import", None, "Unused import"),
)
_SCRIPT = (
    _codeql("js/code-injection", "critical", "Code injection", "094", "095"),
    _codeql("js/xss", "high", "Client-side cross-site scripting", "079"),
    _codeql("js/incomplete-sanitization", "high", "Incomplete string escaping", "116"),
    _codeql("js/prototype-pollution-utility", "medium", "Prototype pollution", "1321"),
    _codeql("js/missing-rate-limiting", "medium", "Missing rate limiting", "770"),
    _codeql("js/clear-text-cookie", "low", "Clear-text transmission of a cookie", "614"),
)
_JAVA = (
    _codeql("java/unsafe-deserialization", "critical", "Deserialization of user data", "502"),
    _codeql("java/ssrf", "critical", "Server-side request forgery", "918"),
    _codeql("java/insecure-trustmanager", "high", "All certificates are trusted", "295"),
    _codeql("java/log-injection", "medium", "Log injection", "117"),
    _codeql("java/predictable-seed", "low", "Predictable seed of random numbers", "335"),
)
_IMAGES = (
    Rule(
        "CVE-2025-6020", "error", "high", "linux-pam: path traversal", ("vulnerability",), "Trivy"
    ),
    Rule("CVE-2025-9230", "warning", "medium", "openssl: read out of bounds", (), "Trivy"),
    Rule("CVE-2025-4598", "note", "low", "systemd-coredump: race condition", (), "Trivy"),
)
_NOISY = {"js/missing-rate-limiting", "py/unused-import", "java/log-injection", "CVE-2025-4598"}
"""Rules whose alerts are mostly dismissed."""
_DISMISSALS = ("false positive", "won't fix", "won't fix", "used in tests")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repository:
    name: str
    team: str
    rules: tuple[Rule, ...]
    alerts: int
    pace: float
    """The time to close an alert, compared with the other repositories."""
    topics: tuple[str, ...] = ()
    visibility: str = "private"
    archived: bool = False


_REPOSITORIES = (
    _Repository(name="checkout", team="payments", rules=_JAVA + _IMAGES, alerts=78, pace=0.6),
    _Repository(name="ledger", team="payments", rules=_JAVA, alerts=52, pace=0.7),
    _Repository(name="fraud-detection", team="payments", rules=_PYTHON, alerts=44, pace=0.9),
    _Repository(name="invoices", team="payments", rules=_PYTHON, alerts=26, pace=1.1),
    _Repository(name="storefront", team="web", rules=_SCRIPT, alerts=92, pace=1.3),
    _Repository(name="design-system", team="web", rules=_SCRIPT, alerts=36, pace=1.0,
                topics=("library",), visibility="public"),
    _Repository(name="mobile-api", team="web", rules=_SCRIPT + _IMAGES, alerts=58, pace=1.6),
    _Repository(name="docs-site", team="web", rules=_SCRIPT, alerts=18, pace=2.2,
                visibility="public"),
    _Repository(name="identity", team="platform", rules=_JAVA + _IMAGES, alerts=64, pace=0.5),
    _Repository(name="build-images", team="platform", rules=_IMAGES, alerts=40, pace=1.2,
                topics=("infrastructure",)),
    _Repository(name="data-pipeline", team="platform", rules=_PYTHON, alerts=48, pace=1.4),
    _Repository(name="legacy-reports", team="platform", rules=_PYTHON, alerts=30, pace=3.5,
                archived=True),
)  # fmt: skip

_CLOSED_AFTER_DAYS: Mapping[str | None, float] = {
    "critical": 3.5, "high": 14.0, "medium": 38.0, "low": 70.0, None: 60.0,
}  # fmt: skip
"""The median of the times to close an alert, by severity."""
_SPREAD = 0.9
_CRUNCH = (170, 125)
"""The days before now when the release was prepared."""
_CLEARED = (120, 70)
"""The days before now when the backlog was worked off."""


def fill(world: World, owner: str) -> list[Repository]:
    """Make the repositories of an organisation with their alerts, and return them."""
    made = []
    start = _midnight(world) - timedelta(days=DAYS)
    for seed, one in enumerate(_REPOSITORIES):
        repository = world.add_repository(
            f"{owner}/{one.name}", created_at=start - timedelta(days=30 * seed),
            visibility=one.visibility,
        )  # fmt: skip
        repository.properties["team"] = one.team
        repository.topics, repository.archived = one.topics, one.archived
        with world.silent():
            _Past(world, repository, one, random.Random(seed)).make()  # noqa: S311
        made.append(repository)
    return made


def _midnight(world: World) -> datetime:
    return world.clock().replace(hour=0, minute=0, second=0, microsecond=0)


class _Past:
    """The past of one repository."""

    def __init__(
        self, world: World, repository: Repository, habits: _Repository, rng: random.Random
    ) -> None:
        self._world = world
        self._repository = repository
        self._habits = habits
        self._rng = rng
        self._now = _midnight(world)

    def make(self) -> None:
        """Make all alerts, in the order of their creation."""
        for at in sorted(self._times()):
            rule = self._rng.choice(self._habits.rules)
            alert = changes.create_alert(self._world, self._repository, rule=rule, at=at)
            folder = self._rng.choice(("api", "core", "jobs", "web"))
            alert.path = f"src/{folder}/module_{self._rng.randrange(30)}"
            alert.line = self._rng.randrange(1, 900)
            self._close(alert)

    def _times(self) -> Iterator[datetime]:
        """Yield the times of creation: few at weekends, and many before the release."""
        found = 0
        while found < self._habits.alerts:
            at = self._now - timedelta(seconds=self._rng.randrange(60, DAYS * 86_400))
            weight = 0.15 if at.weekday() >= 5 else 1.0
            weight *= 1.0 if self._is_in(_CRUNCH, at) else 0.4
            if self._rng.random() < weight:
                found += 1
                yield at

    def _close(self, alert: Alert) -> None:
        closed_at = self._closed_at(alert)
        if closed_at is None or closed_at >= self._now:
            return
        if self._rng.random() < (0.6 if alert.rule.id in _NOISY else 0.1):
            reason = self._rng.choice(_DISMISSALS)
            changes.dismiss(self._world, self._repository, alert, reason=reason, at=closed_at)
            return
        changes.fix(self._world, self._repository, alert, at=closed_at)
        again_at = closed_at + timedelta(days=self._rng.uniform(1, 40))
        if self._rng.random() < 0.04 and again_at < self._now:
            changes.reopen(self._world, self._repository, alert, at=again_at)

    def _closed_at(self, alert: Alert) -> datetime | None:
        """Return when an alert is closed; None if nobody cares for it."""
        days = _CLOSED_AFTER_DAYS[alert.rule.security_severity] * self._habits.pace
        days *= math.exp(self._rng.gauss(0, _SPREAD))
        days *= self._haste(alert.created_at)
        is_forgotten = self._rng.random() < 0.1
        in_clearance = self._now - timedelta(days=self._rng.uniform(*_CLEARED))
        closed_at = None if is_forgotten else alert.created_at + timedelta(days=days)
        if alert.created_at < in_clearance and self._rng.random() < 0.7:
            return min(closed_at or in_clearance, in_clearance)
        return closed_at

    def _haste(self, at: datetime) -> float:
        """Return the factor of the time to close an alert that is created at this time."""
        if self._is_in(_CRUNCH, at):
            return 2.5
        return 1.0 if self._now - at > timedelta(days=_CLEARED[0]) else 0.55

    def _is_in(self, days_ago: tuple[int, int], at: datetime) -> bool:
        first, last = days_ago
        return timedelta(days=last) <= self._now - at <= timedelta(days=first)
