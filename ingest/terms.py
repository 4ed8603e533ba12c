"""The words of the domain, spelled once: what an alert can be, and what can happen to it.

Owns names only; rules about them live in `alert`.
"""

from enum import StrEnum


class Action(StrEnum):
    """What GitHub says happened (webhook `code_scanning_alert`), and our own `reconciled`."""

    CREATED = "created"
    APPEARED_IN_BRANCH = "appeared_in_branch"
    FIXED = "fixed"
    CLOSED_BY_USER = "closed_by_user"
    REOPENED = "reopened"
    REOPENED_BY_USER = "reopened_by_user"
    RECONCILED = "reconciled"


class Severity(StrEnum):
    """The security severity where a rule has one, else the rule's own; worst first."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
    ERROR = "ERROR"
    WARNING = "WARNING"
    NOTE = "NOTE"
    NONE = "NONE"


class ClosedAs(StrEnum):
    """How an alert was closed; DISMISSED is a dismissal for which no reason was given."""

    FIXED = "FIXED"
    FALSE_POSITIVE = "FALSE_POSITIVE"
    WONT_FIX = "WONT_FIX"
    USED_IN_TESTS = "USED_IN_TESTS"
    DISMISSED = "DISMISSED"


class Ref(StrEnum):
    """Where a change was seen: the default branch, another ref, or nowhere in particular."""

    DEFAULT = "DEFAULT"
    OTHER = "OTHER"
    NONE = "NONE"


class Branch(StrEnum):
    """Where an alert lives: DEFAULT once it was ever seen on the default branch."""

    DEFAULT = "DEFAULT"
    OTHER = "OTHER"


class AlertState(StrEnum):
    """Whether an alert still stands."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
