"""The input types AlertFilter and Top, and the checks of their values. Pure."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple, Protocol, TypeVar

import strawberry
from strawberry import UNSET

from graphql_api.repositories.conditions import NO_CONDITIONS as NO_REPOSITORY_CONDITIONS
from graphql_api.repositories.conditions import RepositoryConditions, checked_patterns
from graphql_api.repositories.repositories import EVERY, Chosen
from graphql_api.vocabulary.enums import (
    Basis,
    Branch,
    ClosedAs,
    GroupBy,
    Measure,
    Severity,
    Visibility,
)
from graphql_api.vocabulary.errors import BadTopError
from graphql_api.vocabulary.lists import distinct, distinct_texts, limited
from graphql_api.vocabulary.names import checked_name
from rollup.metrics.counts import CLOSED_OUTCOMES, CLOSINGS, Outcome
from rollup.metrics.tally import CellSelection
from rollup.rows.overview_row import REPOSITORY

MOST_GROUPS = 1_000
"""The maximum of `top.groups`."""


@strawberry.input(
    description=(
        "Selects the alerts that meet all conditions. A list is met by any of its values. A "
        "condition that is null or absent is met by all alerts. An empty list is an error. The "
        "present team, topics, visibility and archiving of a repository count, also for the past."
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
            "Only alerts of these repositories, as `owner/name`. Up to 50. A name without an owner "
            "is an error."
        ),
    )
    team: list[str] | None = strawberry.field(
        default=UNSET,
        description=(
            "Only alerts of the repositories of these teams. Up to 50. The empty string selects "
            "repositories without a team. An error without the setting `team` of the deployment."
        ),
    )
    topic: list[str] | None = strawberry.field(
        default=UNSET,
        description="Only alerts of repositories with one of these topics. Up to 50.",
    )
    visibility: list[Visibility] | None = strawberry.field(
        default=UNSET, description="Only alerts of repositories with one of these visibilities."
    )
    archived: bool | None = strawberry.field(
        default=UNSET,
        description=(
            "True: only alerts of archived repositories. False: only alerts of all others. A "
            "repository about which GitHub did not report anything counts as not archived."
        ),
    )
    not_repository: list[str] | None = strawberry.field(
        default=UNSET,
        description=(
            "No alerts of these repositories: `owner/name`, or a pattern such as `acme/demo-*`, in "
            "which `*` matches any characters except `/`. Up to 50."
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
    """The checked conditions of a filter. None: no condition. Repositories are keys.

    `of_repositories` contains the conditions that are not among the counts of a row. `Subject`
    finds the repositories that meet them: `resolved` contains these.
    """

    severities: tuple[Severity, ...] | None
    tools: tuple[str, ...] | None
    branch: Branch | None
    repositories: tuple[str, ...] | None
    of_repositories: RepositoryConditions = NO_REPOSITORY_CONDITIONS
    resolved: Chosen | None = None

    @property
    def is_about_facts(self) -> bool:
        """Whether there are conditions that are not among the counts of a row."""
        return self.of_repositories != NO_REPOSITORY_CONDITIONS

    @property
    def without_facts(self) -> "Conditions":
        """The same conditions without `of_repositories`."""
        return self._replace(of_repositories=NO_REPOSITORY_CONDITIONS, resolved=None)

    @property
    def chosen(self) -> Chosen:
        """The repositories that meet the conditions, after `Subject.resolved`."""
        if self.resolved is not None:
            return self.resolved
        if self.repositories is None and self.of_repositories == NO_REPOSITORY_CONDITIONS:
            return EVERY
        raise AssertionError("The repositories of these conditions are not resolved.")

    @property
    def has_names(self) -> bool:
        """Whether a condition contains names that can be unknown."""
        others = self.of_repositories
        named = (self.tools, self.repositories, others.teams, others.topics, others.left_out)
        return any(names is not None for names in named)

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
        of_repositories=_of_repositories(alert_filter),
    )


def _of_repositories(given: AlertFilter) -> RepositoryConditions:
    left_out = distinct_texts(given.not_repository, "filter.notRepository")
    return RepositoryConditions(
        teams=distinct_texts(given.team, "filter.team", may_be_empty=True),
        topics=distinct_texts(given.topic, "filter.topic"),
        visibilities=distinct(given.visibility, "filter.visibility"),
        archived=given.archived if isinstance(given.archived, bool) else None,
        left_out=left_out and checked_patterns(left_out, "filter.notRepository"),
    )


def _repositories(values: Sequence[str] | None, name: str) -> tuple[str, ...] | None:
    names = distinct(values, name)
    if names is None:
        return None
    keys = dict.fromkeys(checked_name(REPOSITORY, one, name) for one in names)
    return limited(tuple(keys), name)


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
