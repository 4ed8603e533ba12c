"""The input types AlertFilter and Top, and the checks of their values.

Owns the checks of all lists in arguments. An empty list is an error: if a dashboard's selection is
empty, it must show neither all alerts nor zeros. Pure.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple, Protocol, TypeVar

import strawberry
from strawberry import UNSET

from graphql_api.vocabulary.enums import Basis, Branch, ClosedAs, GroupBy, Measure, Severity
from graphql_api.vocabulary.errors import BadNameError, BadTopError, EmptyListError, quoted
from graphql_api.vocabulary.names import checked_name
from rollup.metrics.counts import CLOSED_OUTCOMES, CLOSINGS, Outcome
from rollup.metrics.tally import CellSelection
from rollup.rows.overview_row import REPOSITORY

MOST_NAMES = 50
"""The maximum number of values of a list."""
LONGEST_TEXT = 256
"""The maximum number of characters of a tool or a rule. Stored ones are shorter."""
MOST_GROUPS = 1_000
"""The maximum of `top.groups`."""

T = TypeVar("T")


@strawberry.input(
    description=(
        "Selects the alerts that meet all conditions. A list is met by any of its values. A "
        "condition that is null or absent is met by all alerts. An empty list is an error."
    )
)
class AlertFilter:
    """The GraphQL input type AlertFilter."""

    severity: list[Severity] | None = strawberry.field(
        default=UNSET, description="Only alerts with one of these severities."
    )
    tool: list[str] | None = strawberry.field(
        default=UNSET,
        description=(
            "Only alerts of tools with exactly one of these names, such as `CodeQL`. Up to 50. The "
            "empty string selects alerts without a tool. In metrics and the backlog, `(other)` "
            "selects the tools that are not counted by name."
        ),
    )
    branch: Branch | None = strawberry.field(
        default=UNSET, description="Only alerts on the default branch, or only all other alerts."
    )
    repository: list[str] | None = strawberry.field(
        default=UNSET,
        description=(
            "Only alerts of these repositories, as `owner/name`, such as the repositories of a "
            "team. Up to 50. A name without an owner is an error."
        ),
    )


@strawberry.input(description="Limits the rows to the largest groups.")
class Top:
    """The GraphQL input type Top."""

    groups: int = strawberry.field(description="The number of groups: 1 to 1,000.")
    by: Measure = strawberry.field(
        description=(
            "The measure that ranks the groups, over the whole window. Groups without a value come "
            "last."
        )
    )


Filter = Annotated[
    AlertFilter | None,
    strawberry.argument(description="The alerts to count or list. If absent, all of them."),
]


class Conditions(NamedTuple):
    """The checked conditions of a filter. None: no condition. Repositories are keys."""

    severities: tuple[Severity, ...] | None
    tools: tuple[str, ...] | None
    branch: Branch | None
    repositories: tuple[str, ...] | None

    @property
    def has_names(self) -> bool:
        """Whether a condition names tools or repositories."""
        return self.tools is not None or self.repositories is not None

    def selection(self, group_by: GroupBy | None, basis: Basis = Basis.CLOSED) -> CellSelection:
        """Return the selection of cells that meet the conditions, divided into groups."""
        return CellSelection(
            severities=None if self.severities is None else frozenset(self.severities),
            tools=None if self.tools is None else frozenset(self.tools),
            branch=self.branch,
            group_by=group_by,
            basis=basis,
        )


NO_CONDITIONS = Conditions(severities=None, tools=None, branch=None, repositories=None)


def conditions_of(alert_filter: AlertFilter | None) -> Conditions:
    """Return the checked conditions of a filter.

    Raises:
        EmptyListError: A list is empty.
        BadNameError: A name is invalid, or a list has over 50 names.
    """
    if not alert_filter:
        return NO_CONDITIONS
    return Conditions(
        severities=distinct(alert_filter.severity, "filter.severity"),
        tools=distinct_texts(alert_filter.tool, "filter.tool", may_be_empty=True),
        branch=alert_filter.branch or None,
        repositories=_repositories(alert_filter.repository, "filter.repository"),
    )


def distinct(values: Sequence[T] | None, name: str) -> tuple[T, ...] | None:
    """Return the distinct values of a list argument, or None if the argument is absent.

    Raises:
        EmptyListError: The list is empty.
    """
    if values is None or values is UNSET:
        return None
    if not values:
        raise EmptyListError(
            f"{name} is an empty list. Give at least one value, or leave the argument out."
        )
    return tuple(dict.fromkeys(values))


def distinct_texts(
    values: Sequence[str] | None, name: str, *, may_be_empty: bool = False
) -> tuple[str, ...] | None:
    """Return the distinct strings of a list argument, or None if the argument is absent.

    Raises:
        EmptyListError: The list is empty.
        BadNameError: A string is empty or too long, or the list has over 50 strings.
    """
    texts = distinct(values, name)
    for text in texts or ():
        if len(text) > LONGEST_TEXT or not (text or may_be_empty):
            raise BadNameError(
                f"{name} has the value {quoted(text)}, but a value must have 1 to {LONGEST_TEXT} "
                "characters."
            )
    return limited(texts, name)


def _repositories(values: Sequence[str] | None, name: str) -> tuple[str, ...] | None:
    names = distinct(values, name)
    if names is None:
        return None
    keys = dict.fromkeys(checked_name(REPOSITORY, one, name) for one in names)
    return limited(tuple(keys), name)


def limited(texts: tuple[str, ...] | None, name: str) -> tuple[str, ...] | None:
    """Return the values of a list argument, or None if the argument is absent.

    Raises:
        BadNameError: The list has over 50 values.
    """
    if texts is not None and len(texts) > MOST_NAMES:
        raise BadNameError(f"{name} has {len(texts):,} values, but must have 1 to {MOST_NAMES}.")
    return texts


def counted_closings(closed_as: Sequence[ClosedAs] | None) -> frozenset[Outcome]:
    """Return the outcomes that count as closed. If `closedAs` is absent, these are all closings.

    Raises:
        EmptyListError: The list is empty.
    """
    closings = distinct(closed_as, "closedAs")
    return CLOSED_OUTCOMES if closings is None else frozenset(CLOSINGS[one] for one in closings)


class Ranked(Protocol):
    """An input type that limits the rows to the largest groups."""

    groups: int


R = TypeVar("R", bound=Ranked)


def checked_top(top: R | None, group_by: GroupBy | None) -> R | None:
    """Return the checked value of `top`, or None if it is absent.

    Raises:
        BadTopError: `groupBy` is absent, or `top.groups` is outside 1 to 1,000.
    """
    if not top:
        return None
    if group_by is None:
        raise BadTopError("top requires groupBy, but groupBy is absent.")
    if not 1 <= top.groups <= MOST_GROUPS:
        raise BadTopError(f"top.groups is {top.groups:,}, but must be 1 to {MOST_GROUPS:,}.")
    return top
