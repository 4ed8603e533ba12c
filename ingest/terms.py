"""The enum values of the domain: actions, severities, outcomes, refs, branches and states.

Owns names only. The rules about them belong to `alerts.change` and `alerts.lifecycle`. To add a
severity, start here.
"""

from enum import StrEnum


class Action(StrEnum):
    """An action of the webhook `code_scanning_alert`, or one of our own, see OWN_ACTIONS."""

    CREATED = "created"
    APPEARED_IN_BRANCH = "appeared_in_branch"
    FIXED = "fixed"
    CLOSED_BY_USER = "closed_by_user"
    REOPENED = "reopened"
    REOPENED_BY_USER = "reopened_by_user"
    RECONCILED = "reconciled"
    GONE = "gone"


OWN_ACTIONS = frozenset({Action.RECONCILED, Action.GONE})
"""The actions that observe an alert by GitHub's REST API: how it is listed, or that it is gone."""


class Severity(StrEnum):
    """The security severity of a rule if it has one, else the rule's severity; worst first."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
    ERROR = "ERROR"
    WARNING = "WARNING"
    NOTE = "NOTE"
    NONE = "NONE"


class ClosedAs(StrEnum):
    """How an alert was closed. DISMISSED is a dismissal without a reason or with an unknown one."""

    FIXED = "FIXED"
    FALSE_POSITIVE = "FALSE_POSITIVE"
    WONT_FIX = "WONT_FIX"
    USED_IN_TESTS = "USED_IN_TESTS"
    MITIGATED = "MITIGATED"
    DISMISSED = "DISMISSED"


class Ref(StrEnum):
    """Where a change happened: the default branch, another ref, or no specific ref."""

    DEFAULT = "DEFAULT"
    OTHER = "OTHER"
    NONE = "NONE"


class Branch(StrEnum):
    """The branch of an alert: DEFAULT if it was ever on the default branch."""

    DEFAULT = "DEFAULT"
    OTHER = "OTHER"


class AlertState(StrEnum):
    """Whether an alert is open."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class Visibility(StrEnum):
    """Who can see a repository."""

    PUBLIC = "public"
    PRIVATE = "private"
    INTERNAL = "internal"
