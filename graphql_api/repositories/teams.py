"""The team of a repository, by the setting `team` of the deployment.

Owns the syntax of the setting, and which team a repository with several of them belongs to. Pure.
"""

import re
from typing import NamedTuple, Self

from graphql_api.repositories.facts import RepositoryFacts

NO_TEAM = ""
"""The team of repositories that have none."""
ACCEPTED = (
    "property: and the name of a custom property, such as property:team, or topic: and a prefix "
    "of topics, such as topic:team-"
)
SYNTAX = r"property:(?P<property>[A-Za-z0-9_$#-]{1,75})|topic:(?P<topic>[a-z0-9-]{1,49})"
"""The syntax of the setting, as a regular expression."""


class TeamSource(NamedTuple):
    """Where the team of a repository comes from: a custom property, or a prefix of topics."""

    property: str | None
    topic_prefix: str | None

    @classmethod
    def parse(cls, setting: str) -> Self:
        """Return the source that a setting describes.

        Raises:
            ValueError: The setting has another syntax.
        """
        match = re.fullmatch(SYNTAX, setting)
        if match is None:
            raise ValueError(f"team must be {ACCEPTED}")
        return cls(match["property"], match["topic"])

    def team_of(self, facts: RepositoryFacts) -> str:
        """Return the team of a repository: of several, the alphabetically first."""
        if self.property is not None:
            return min(facts.properties.get(self.property, ()), default=NO_TEAM)
        prefix = self.topic_prefix or ""
        teams = [topic[len(prefix) :] for topic in facts.topics if topic.startswith(prefix)]
        return min(filter(None, teams), default=NO_TEAM)
