"""The repositories of one request by what GitHub reported about them.

Owns which repositories of an organisation meet conditions, and the team of each repository. The
module `facts` makes the reads.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from graphql_api.repositories.conditions import NO_CONDITIONS, NamePatterns, RepositoryConditions
from graphql_api.repositories.facts import UNKNOWN, FactsReader, RepositoryFacts
from graphql_api.repositories.teams import NO_TEAM, TeamSource
from graphql_api.vocabulary.errors import TeamNotConfiguredError

TeamOf = Callable[[str], str]
"""Returns the team of a repository by its name."""


class Chosen(NamedTuple):
    """The repositories of an organisation that a query is about.

    Attributes:
        names: Their names, or None if the facts do not contain all of them.
        accepts: Whether a repository is one of them.
    """

    names: tuple[str, ...] | None
    accepts: Callable[[str], bool]


EVERY = Chosen(None, lambda _name: True)
"""All repositories."""
NONE = Chosen((), lambda _name: False)
"""No repository."""


class Repositories:
    """The repositories of one request. `team_source` is None without the setting `team`.

    Every method that reads raises BudgetError if the request has used up its reads or bytes, and
    BusyError if DynamoDB throttles.
    """

    def __init__(self, facts: FactsReader, team_source: TeamSource | None) -> None:
        self._facts = facts
        self._team_source = team_source

    def facts_of(self, name: str) -> RepositoryFacts | None:
        """Return the facts of a repository, or None if GitHub did not report any."""
        return self._facts.of_repository(name)

    def facts_by_name(self, organisation: str) -> Mapping[str, RepositoryFacts]:
        """Return the facts of all repositories of an organisation that have any, by their names."""
        return self._facts.of_organisation(organisation)

    def team_in(self, facts: RepositoryFacts) -> str:
        """Return the team in these facts; empty if there is none or teams are not configured."""
        return NO_TEAM if self._team_source is None else self._team_source.team_of(facts)

    def teams(self, organisation: str, *, argument: str) -> TeamOf:
        """Return the function from a repository of an organisation to its team.

        Raises:
            TeamNotConfiguredError: The deployment does not have the setting `team`.
        """
        self.check_teams(argument)
        facts = self._facts.of_organisation(organisation)
        by_name = {name: self.team_in(known) for name, known in facts.items()}
        return lambda name: by_name.get(name, NO_TEAM)

    def team_of_one(self, name: str, *, argument: str) -> TeamOf:
        """Return the function from a single repository to its team. Raises like `teams`."""
        self.check_teams(argument)
        team = self.team_in(self.facts_of(name) or UNKNOWN)
        return lambda _name: team

    def check_teams(self, argument: str) -> None:
        """Check that an argument which concerns teams can be used.

        Raises:
            TeamNotConfiguredError: The deployment does not have the setting `team`.
        """
        if self._team_source is None:
            raise TeamNotConfiguredError(
                f"{argument} requires the deployment's setting team, which is not set. It names "
                "the custom property or the prefix of topics that is the team, such as "
                "property:team."
            )

    def chosen(
        self, organisation: str, conditions: RepositoryConditions, names: tuple[str, ...] | None
    ) -> Chosen:
        """Return the repositories of an organisation that meet conditions.

        Args:
            organisation: The organisation.
            conditions: The conditions.
            names: Only these repositories; None for all.

        Raises:
            TeamNotConfiguredError: A condition concerns teams, which are not configured.
        """
        if names is None and conditions == NO_CONDITIONS:
            return EVERY
        facts: Mapping[str, RepositoryFacts] = {}
        if conditions.teams is not None:
            self.check_teams("filter.team")
        if conditions.need_facts:
            facts = self._facts.of_organisation(organisation)
        left_out = NamePatterns(conditions.left_out or ())

        @cache
        def accepts(name: str) -> bool:
            known = facts.get(name, UNKNOWN)
            is_left_out = conditions.left_out is not None and left_out.match(name)
            return not is_left_out and conditions.are_met_by(known, self.team_in(known))

        if names is None and conditions.exclude_unknown:
            names = tuple(facts)
        if names is None:
            return Chosen(None, accepts)
        named = tuple(filter(accepts, names))
        distinct = frozenset(named)
        return Chosen(named, lambda name: name in distinct)

    def meets(self, name: str, conditions: RepositoryConditions) -> bool:
        """Return whether a single repository meets conditions. Raises like `chosen`."""
        if conditions.teams is not None:
            self.check_teams("filter.team")
        if conditions.left_out is not None and NamePatterns(conditions.left_out).match(name):
            return False
        known = (self.facts_of(name) if conditions.need_facts else None) or UNKNOWN
        return conditions.are_met_by(known, self.team_in(known))
