"""The conditions of a filter that concern a repository: its facts, its team and its name.

Owns which repositories meet them. A repository without facts has no team, no topic and no
visibility, and it is not archived. Pure.
"""

import re
from collections.abc import Iterable, Sequence
from fnmatch import translate
from functools import cached_property
from typing import NamedTuple

from graphql_api.repositories.facts import RepositoryFacts
from graphql_api.repositories.teams import NO_TEAM
from graphql_api.vocabulary.errors import BadNameError, quoted
from ingest.names import LONGEST_NAME, folded
from ingest.terms import Visibility

_PART = f"[A-Za-z0-9._*-]{{1,{LONGEST_NAME}}}"
_PATTERN = re.compile(f"{_PART}/{_PART}")


class RepositoryConditions(NamedTuple):
    """The checked conditions. None: no condition. The patterns of `left_out` are in lower case."""

    teams: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None
    visibilities: tuple[Visibility, ...] | None = None
    archived: bool | None = None
    left_out: tuple[str, ...] | None = None

    @property
    def need_facts(self) -> bool:
        """Whether a condition concerns the facts of a repository."""
        return self[:-1] != (None, None, None, None)

    @property
    def bound(self) -> dict[str, list[str] | str | None]:
        """What cursors are bound to. Without a condition, they stay as they were before."""
        if self == NO_CONDITIONS:
            return {}
        lists = {
            "teams": self.teams,
            "topics": self.topics,
            "visibilities": self.visibilities,
            "left_out": self.left_out,
        }
        archived = None if self.archived is None else str(self.archived)
        found = {name: None if one is None else sorted(one) for name, one in lists.items()}
        return {**found, "archived": archived}

    @property
    def exclude_unknown(self) -> bool:
        """Whether a repository without facts can never meet the conditions."""
        return (
            (self.teams is not None and NO_TEAM not in self.teams)
            or self.topics is not None
            or self.visibilities is not None
            or self.archived is True
        )

    def are_met_by(self, facts: RepositoryFacts, team: str) -> bool:
        """Return whether a repository with these facts and this team meets the conditions."""
        return (
            (self.teams is None or team in self.teams)
            and (self.topics is None or not set(self.topics).isdisjoint(facts.topics))
            and (self.visibilities is None or facts.visibility in self.visibilities)
            and (self.archived is None or facts.archived is self.archived)
        )


NO_CONDITIONS = RepositoryConditions()


class NamePatterns:
    """Names of repositories and patterns of them. A `*` stands for any characters except `/`."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(patterns)

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        # Only `*` is special in a checked pattern. It cannot match the `/`, since a name has one,
        # and so has the pattern. `translate` makes groups that do not backtrack.
        return re.compile("|".join(map(translate, self._patterns)))

    def match(self, name: str) -> bool:
        """Return whether one of the patterns matches the name, in lower case, of a repository."""
        return self._regex.match(name) is not None


def checked_patterns(patterns: Sequence[str], argument: str) -> tuple[str, ...]:
    """Return the distinct patterns in lower case.

    Raises:
        BadNameError: A pattern cannot match any name of a repository.
    """
    for pattern in patterns:
        if _PATTERN.fullmatch(pattern) is None:
            raise BadNameError(
                f"{argument} has the value {quoted(pattern)}, but must be a repository as "
                f"owner/name or a pattern such as acme/demo-*, each part up to {LONGEST_NAME} "
                "letters, digits, dots, hyphens, underscores and asterisks."
            )
    return tuple(dict.fromkeys(map(folded, patterns)))
