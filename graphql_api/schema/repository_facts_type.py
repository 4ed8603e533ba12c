"""The GraphQL type RepositoryFacts: what GitHub reported about a repository."""

from typing import Self

import strawberry

from graphql_api.repositories import facts
from graphql_api.repositories.repositories import Repositories
from graphql_api.schema.fields import field
from graphql_api.vocabulary.enums import Visibility
from rollup.rows.overview_row import ORGANISATION, Level


@strawberry.type(
    description="What GitHub reported most recently about a repository. It contains no history."
)
class RepositoryFacts:
    """The GraphQL type RepositoryFacts."""

    known: strawberry.Private[facts.RepositoryFacts]
    team_name: strawberry.Private[str | None]

    @classmethod
    def of(cls, repositories: Repositories, level: Level, name: str) -> Self | None:
        """Return the facts of a repository, or None for an organisation or without any facts."""
        known = None if level is ORGANISATION else repositories.facts_of(name)
        return known and cls(known=known, team_name=repositories.team_in(known) or None)

    @field("Who can see the repository. Null if GitHub did not report it.")
    def visibility(self) -> Visibility | None:
        return self.known.visibility

    @field("Whether the repository is archived. False if GitHub did not report it.")
    def archived(self) -> bool:
        return self.known.archived

    @field("The topics, in order. Empty if GitHub did not report any.")
    def topics(self) -> list[str]:
        return list(self.known.topics)

    @field(
        "The team, by the setting `team` of the deployment. If the repository has several teams, "
        "the alphabetically first. Null if it has none, or without the setting."
    )
    def team(self) -> str | None:
        return self.team_name

    @field("The name of the default branch. Null if GitHub did not report it.")
    def default_branch(self) -> str | None:
        return self.known.default_branch
