"""The condition of a list that an alert is overdue, or is not.

Owns the latest creation of an overdue alert of each severity. Pure: the caller passes the time.
"""

from collections.abc import Collection
from typing import NamedTuple, Self

from graphql_api.reading.expressions import Expressions
from ingest.alerts import attributes as of_alert
from ingest.instant import to_text
from ingest.terms import Severity
from rollup.service_levels.targets import DAY_MS, Targets


class DueCondition(NamedTuple):
    """Which open alerts a list contains: those that are overdue, or all others."""

    is_overdue: bool
    latest: dict[Severity, str]
    """By severity with a target: the latest creation of an overdue alert."""

    @classmethod
    def of(
        cls,
        targets: Targets,
        severities: Collection[Severity] | None,
        *,
        is_overdue: bool,
        at_ms: int,
    ) -> Self:
        """Return the condition for alerts of some severities at a time; None: of all severities."""
        latest = {
            severity: to_text(at_ms - days * DAY_MS - 1)
            for severity, days in targets.items()
            if severities is None or severity in severities
        }
        return cls(is_overdue, latest)

    @property
    def is_impossible(self) -> bool:
        """Whether no alert can meet the condition, since no severity has a target."""
        return self.is_overdue and not self.latest

    def narrowed(self, first: str, last: str) -> tuple[str, str]:
        """Return the part of some times of creation in which alerts can meet the condition.

        It ends before it starts if no alert can.
        """
        return first, min(last, max(self.latest.values())) if self.is_overdue else last

    def expression(self, expressions: Expressions) -> str | None:
        """Return the condition of a request; None if every alert meets it."""
        if not self.latest:
            return None
        options = [
            f"({expressions.any_of(of_alert.SEVERITY, (severity,))} AND "
            f"{expressions.at_most(of_alert.CREATED_AT, latest)})"
            for severity, latest in self.latest.items()
        ]
        # DynamoDB refuses redundant parentheses.
        overdue = options[0] if len(options) == 1 else f"({' OR '.join(options)})"
        return overdue if self.is_overdue else f"NOT {overdue}"
