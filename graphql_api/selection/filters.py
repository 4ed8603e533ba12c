"""The inputs that narrow a question: AlertFilter and Top, and what makes no sense in them.

Owns the checks of every list that a client gives: an empty one is an error, since a dashboard's
empty selection must show neither everything nor zeros. Pure.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple, TypeVar

import strawberry
from strawberry import UNSET

from graphql_api.vocabulary.enums import Branch, ClosedAs, GroupBy, Measure, Severity
from graphql_api.vocabulary.errors import BadNameError, BadTopError, EmptyListError, quoted
from graphql_api.vocabulary.names import checked_name
from rollup.metrics.counts import CLOSED_OUTCOMES, CLOSINGS, Outcome
from rollup.metrics.tally import CellSelection
from rollup.rows.overview_row import REPOSITORY

MOST_NAMES = 50
LONGEST_TEXT = 256
"""Longer than any name of a tool or id of a rule that is stored."""
MOST_GROUPS = 1_000

T = TypeVar("T")


@strawberry.input(
    description=(
        "Selects the alerts that meet all conditions. A list is met by any of its values. A "
        "condition that is null or absent is met by all alerts. An empty list is an error."
    )
)
class AlertFilter:
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
    """A filter that was checked; None: no condition. Repositories are keys."""

    severities: tuple[Severity, ...] | None
    tools: tuple[str, ...] | None
    branch: Branch | None
    repositories: tuple[str, ...] | None

    @property
    def has_names(self) -> bool:
        """Whether a condition names tools or repositories."""
        return self.tools is not None or self.repositories is not None

    def selection(self, group_by: GroupBy | None) -> CellSelection:
        """Return the cells that these conditions choose, in groups."""
        return CellSelection(
            severities=None if self.severities is None else frozenset(self.severities),
            tools=None if self.tools is None else frozenset(self.tools),
            branch=self.branch,
            group_by=group_by,
        )


EVERYTHING = Conditions(severities=None, tools=None, branch=None, repositories=None)


def conditions(given: AlertFilter | None) -> Conditions:
    """Return the conditions of a filter.

    Raises:
        EmptyListError: one of its lists is empty.
        BadNameError: a name can be none, or there are over 50 of them.
    """
    if not given:
        return EVERYTHING
    return Conditions(
        severities=chosen(given.severity, "filter.severity"),
        tools=texts(given.tool, "filter.tool", may_be_empty=True),
        branch=given.branch or None,
        repositories=_repositories(given.repository, "filter.repository"),
    )


def chosen(values: Sequence[T] | None, name: str) -> tuple[T, ...] | None:
    """Return the values of a list argument, each once; None where there is no condition.

    Raises:
        EmptyListError: the list is empty.
    """
    if values is None or values is UNSET:
        return None
    if not values:
        raise EmptyListError(f"{name} must not be an empty list: leave it out, or name something.")
    return tuple(dict.fromkeys(values))


def texts(
    values: Sequence[str] | None, name: str, *, may_be_empty: bool = False
) -> tuple[str, ...] | None:
    """Return the texts of a list argument, each once; None where there is no condition.

    Raises:
        EmptyListError: the list is empty.
        BadNameError: a text is empty or too long, or there are over 50 of them.
    """
    wanted = chosen(values, name)
    for one in wanted or ():
        if len(one) > LONGEST_TEXT or not (one or may_be_empty):
            raise BadNameError(
                f"{name} has the value {quoted(one)}, but a value must have 1 to {LONGEST_TEXT} "
                "characters."
            )
    return _few(wanted, name)


def _repositories(values: Sequence[str] | None, name: str) -> tuple[str, ...] | None:
    wanted = chosen(values, name)
    if wanted is None:
        return None
    keys = dict.fromkeys(checked_name(REPOSITORY, one, name) for one in wanted)
    return _few(tuple(keys), name)


def _few(wanted: tuple[str, ...] | None, name: str) -> tuple[str, ...] | None:
    if wanted is not None and len(wanted) > MOST_NAMES:
        raise BadNameError(f"{name} may have {MOST_NAMES} values, not {len(wanted):,}.")
    return wanted


def counted_closings(closed_as: Sequence[ClosedAs] | None) -> frozenset[Outcome]:
    """Return the outcomes that count as closed: all of them unless some are named.

    Raises:
        EmptyListError: the list is empty.
    """
    wanted = chosen(closed_as, "closedAs")
    return CLOSED_OUTCOMES if wanted is None else frozenset(CLOSINGS[one] for one in wanted)


def checked_top(top: Top | None, group_by: GroupBy | None) -> Top | None:
    """Return `top` if it is given.

    Raises:
        BadTopError: there are no groups to rank, or their number is outside 1 to 1,000.
    """
    if not top:
        return None
    if group_by is None:
        raise BadTopError("top needs groupBy: without it there is one group.")
    if not 1 <= top.groups <= MOST_GROUPS:
        raise BadTopError(f"top.groups is {top.groups:,}, but must be 1 to {MOST_GROUPS:,}.")
    return top
