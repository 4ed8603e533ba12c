"""The records of the fake GitHub: accounts, repositories, alerts.

Owns plain data. `world` finds it, `changes` changes it, and `forms` writes it as JSON.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Scanning(StrEnum):
    """Whether a repository has code scanning alerts to list."""

    ENABLED = "enabled"
    ADVANCED_SECURITY_DISABLED = "advanced security disabled"
    DISABLED = "code scanning disabled"
    NO_ANALYSIS = "no analysis"
    BLOCKED = "unavailable for legal reasons"


@dataclass(slots=True)
class Account:
    """An organisation or a user."""

    id: int
    login: str
    is_organisation: bool = True
    enterprise: str | None = None

    @property
    def kind(self) -> str:
        """GitHub's name of the kind."""
        return "Organization" if self.is_organisation else "User"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a tool, which finds alerts."""

    id: str
    severity: str | None = "warning"
    security_severity: str | None = "high"
    description: str = "A rule"
    tags: tuple[str, ...] = ("security",)
    tool: str = "CodeQL"


@dataclass(slots=True)
class Alert:
    """An alert. `unreported` has the fields that are null in its JSON; `updated_at` is missing."""

    number: int
    rule: Rule
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    fixed_at: datetime | None = None
    dismissed_at: datetime | None = None
    dismissed_by: Account | None = None
    dismissed_reason: str | None = None
    ref: str | None = None
    """The ref if it was never on the default branch, such as `refs/pull/7/merge`."""
    path: str = "src/main.py"
    line: int = 1
    unreported: frozenset[str] = frozenset()


@dataclass(slots=True)
class Repository:
    """A repository with its alerts, by number."""

    id: int
    owner: Account
    name: str
    created_at: datetime
    default_branch: str = "main"
    visibility: str = "private"
    archived: bool = False
    topics: tuple[str, ...] = ()
    properties: dict[str, str | list[str]] = field(default_factory=dict)
    scanning: Scanning = Scanning.ENABLED
    alerts: dict[int, Alert] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """`owner/name`."""
        return f"{self.owner.login}/{self.name}"
