"""The requests for lists of alerts of an organisation or a repository.

Owns the arguments of a list, and the rule that closed alerts are ordered by the time of closing and
all others by the time of creation. `alert_partitions` owns the choice of the index. Builds requests
and never sends them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from graphql_api.reading.cursor import binding_of
from graphql_api.reading.tables import Listing, Tables
from graphql_api.repositories.alert_filter import of_chosen
from graphql_api.selection.alert_days import Days
from graphql_api.selection.alert_partitions import filters_of, listing_of, partition_of
from graphql_api.selection.due_alerts import DueCondition
from graphql_api.selection.filters import Conditions
from graphql_api.vocabulary.days import FIRST_YEAR, LAST_YEAR, Day
from graphql_api.vocabulary.enums import AlertState, ClosedAs, Sort
from graphql_api.vocabulary.errors import BadClosedAsError, BadOverdueError
from ingest.alerts import attributes as of_alert
from ingest.instant import to_text
from rollup.metrics.period import midnight_ms
from rollup.rows.overview_row import ORGANISATION, Level
from rollup.service_levels.targets import Targets

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertListQuery:
    """The arguments of a list of alerts. None: no condition. Days are as the client wrote them.

    `cwes` is not a condition of the request: `cwe_pages` searches the list for them.
    """

    level: Level
    name: str
    state: AlertState | None
    first: Day | None
    last: Day | None
    conditions: Conditions
    rules: Sequence[str] | None
    closed_as: Sequence[ClosedAs] | None
    overdue: bool | None
    cwes: Sequence[str] | None
    order: Sort

    def __post_init__(self) -> None:
        """Check that `closedAs` is used with closed alerts only, and `overdue` with open ones."""
        state = "absent" if self.state is None else self.state.value
        if self.closed_as is not None and self.state is not AlertState.CLOSED:
            raise BadClosedAsError(f"closedAs requires state CLOSED, but state is {state}.")
        if self.overdue is not None and self.state is not AlertState.OPEN:
            raise BadOverdueError(f"overdue requires state OPEN, but state is {state}.")

    @property
    def binding(self) -> bytes:
        """The bytes that bind a cursor to this list."""
        conditions = self.conditions
        # Without `overdue` and `cwe`, cursors are those of the versions that did not have these.
        due = {} if self.overdue is None else {"overdue": self.overdue}
        cwes = {} if self.cwes is None else {"cwes": sorted(self.cwes)}
        return binding_of(
            "alerts of",
            level=self.level.name_attribute,
            name=self.name,
            state=self.state,
            first=self.first,
            last=self.last,
            severities=_sorted(conditions.severities),
            tools=_sorted(conditions.tools),
            branch=conditions.branch,
            repositories=_sorted(conditions.repositories),
            rules=_sorted(self.rules),
            closed_as=_sorted(self.closed_as),
            order=self.order,
            **due,
            **cwes,
            **conditions.of_repositories.bound,
        )

    def listing(self, tables: Tables, days: Days, targets: Targets) -> Listing | None:
        """Return the list of the alerts of these days; None if it cannot contain any alert."""
        between = (_start(days.first), _end(days.last)) if days.is_limited else None
        due = None
        if self.overdue is not None and days.due_at_ms is not None:
            severities = self.conditions.severities
            due = DueCondition.of(
                targets, severities, is_overdue=self.overdue, at_ms=days.due_at_ms
            )
            if due.is_impossible:
                return None
            between = due.narrowed(*(between or (_start(None), _end(None))))
            if between[0] > between[1]:
                return None
        listing = listing_of(
            tables,
            partition_of(self.level, self.name, self.state),
            between=between,
            condition=due,
            filters={
                **filters_of(self.level, self.conditions),
                of_alert.RULE: self.rules,
                of_alert.CLOSED_AS: self.closed_as,
            },
            order=self.order,
        )
        return of_chosen(listing, self.conditions.chosen)._replace(kept=days.kept)


def all_of_organisation(tables: Tables, organisation: str) -> Listing:
    """Return the list of all alerts of an organisation by creation."""
    return listing_of(
        tables,
        partition_of(ORGANISATION, organisation, None),
        between=None,
        filters={},
        order=Sort.asc,
    )


def _start(first: date | None) -> str:
    return to_text(midnight_ms(first or date(FIRST_YEAR, 1, 1)))


def _end(last: date | None) -> str:
    return to_text(midnight_ms((last or date(LAST_YEAR, 12, 31)) + _DAY) - 1)


def _sorted(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else sorted(values)
