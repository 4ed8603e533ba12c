"""Warnings about unknown names, so that their zeros are not mistaken for real numbers.

Owns the warnings, their messages, and the number of reads for them. Each field records the names
in its arguments. After the execution, each name is checked against the rows that the response is
made of, so known names need no further read. Unknown names need a few reads for suggestions. All
reads go through `Reader`, so no warning contains a name that the API key cannot read.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from graphql.pyutils import Path

from graphql_api.reading.row_cache import PackedRow
from graphql_api.repositories.conditions import NamePatterns
from graphql_api.selection.filters import NO_CONDITIONS, Conditions
from graphql_api.selection.known_names import KnownNames
from graphql_api.selection.reading import Reading
from graphql_api.selection.subject import Subject
from graphql_api.vocabulary.enums import GroupBy
from graphql_api.vocabulary.errors import ApiError
from rollup.metrics.period import ALL
from rollup.metrics.tool_limit import OTHER
from rollup.rows.counts_codec import tools_of
from rollup.rows.overview_row import ORGANISATION, REPOSITORY

MOST_WARNINGS = 50
"""The maximum number of warnings of a request."""
MOST_READS = 4
"""The maximum number of reads for all warnings of a request. An unknown name takes one or two."""


class NameWarning(NamedTuple):
    """A warning about an unknown name. `path` is the path of the field with the argument."""

    reason: str
    message: str
    path: Sequence[str | int]
    suggestions: Sequence[str]


class _NamesOfField(NamedTuple):
    """The names in the arguments of a field, and the path of the field in the response."""

    subject: Subject
    conditions: Conditions
    group_by: GroupBy | None
    path: Path

    @property
    def subject_path(self) -> list[str | int]:
        """The path of the field that names the subject: the parent of this field, or itself."""
        return (self.path.prev or self.path).as_list()


class UnknownNames:
    """The names in the arguments of one request, and the warnings about unknown ones."""

    def __init__(self, known: KnownNames) -> None:
        self._known = known
        self._recorded: dict[tuple[object, ...], _NamesOfField] = {}

    def record(
        self,
        subject: Subject,
        path: Path,
        conditions: Conditions = NO_CONDITIONS,
        group_by: GroupBy | None = None,
    ) -> None:
        """Record the names in the arguments of a field. The same names are recorded once."""
        if subject.is_excluded_by(conditions):
            return
        names = (conditions.repositories, conditions.tools, conditions.of_repositories)
        key = (subject.level, subject.name, *names, group_by)
        self._recorded.setdefault(key, _NamesOfField(subject, conditions, group_by, path))

    def warnings(self) -> list[dict[str, Any]]:
        """Return the distinct warnings about the recorded names, as they appear in the response.

        Raises no error that a client can cause. If the request has no reads left, there are fewer
        warnings.
        """
        found: dict[str, NameWarning] = {}
        with self._known.reader.at_most(MOST_READS):
            try:
                for warning in self._all():
                    found.setdefault(warning.message, warning)
                    if len(found) == MOST_WARNINGS:
                        break
            except ApiError:
                pass
        return [warning._asdict() for warning in found.values()]

    def _all(self) -> Iterator[NameWarning]:
        for recorded in self._recorded.values():
            yield from self._of(recorded)

    def _of(self, recorded: _NamesOfField) -> Iterator[NameWarning]:
        subject = recorded.subject
        # Which tools and repositories have alerts does not depend on facts.
        conditions = recorded.conditions.without_facts
        group_by = None if recorded.group_by is GroupBy.TEAM else recorded.group_by
        rows = _total_rows(subject.reading(conditions, group_by))
        if not rows and (
            conditions.repositories is None or not _total_rows(subject.reading(NO_CONDITIONS))
        ):
            yield self._unknown_subject(recorded)
            return
        yield from self._unknown_repositories(recorded, {row.name for row in rows})
        if rows and conditions.tools is not None:
            yield from self._unknown_tools(recorded, rows)
        if subject.level is ORGANISATION:
            yield from self._unknown_facts(recorded)
            yield from self._unknown_patterns(recorded)

    def _unknown_subject(self, recorded: _NamesOfField) -> NameWarning:
        level, name = recorded.subject.level, recorded.subject.name
        kind = "repository" if level is REPOSITORY else "organisation"
        return NameWarning(
            f"unknown_{kind}",
            f'No event of the {kind} "{name}" was received, or this API key cannot read it.',
            recorded.subject_path,
            self._known.suggest(level, name),
        )

    def _unknown_repositories(
        self, recorded: _NamesOfField, known: set[str]
    ) -> Iterator[NameWarning]:
        if recorded.subject.level is not ORGANISATION:
            return
        organisation = recorded.subject.name
        for name in recorded.conditions.repositories or ():
            if name not in known:
                yield NameWarning(
                    "unknown_repository",
                    f'No event of a repository "{name}" of the organisation "{organisation}" was '
                    "received.",
                    recorded.path.as_list(),
                    self._known.suggest_repositories(organisation, name),
                )

    def _unknown_tools(
        self, recorded: _NamesOfField, rows: Sequence[PackedRow]
    ) -> Iterator[NameWarning]:
        known = {tool for row in rows for tool in tools_of(row.packed)}
        has_list = bool(recorded.conditions.repositories)
        owner = "the chosen repositories" if has_list else recorded.subject.name
        for tool in recorded.conditions.tools or ():
            if not tool or tool in known:
                continue
            if OTHER in known:
                yield NameWarning(
                    "pooled_tool",
                    f'The rows of {owner} do not name the tool "{tool}". If it has alerts, they '
                    f'are counted under "{OTHER}".',
                    recorded.path.as_list(),
                    [*self._known.suggest_among(tool, known - {OTHER}), OTHER],
                )
            else:
                yield NameWarning(
                    "unknown_tool",
                    f'No alert of {owner} is from the tool "{tool}".',
                    recorded.path.as_list(),
                    self._known.suggest_among(tool, known),
                )

    def _unknown_facts(self, recorded: _NamesOfField) -> Iterator[NameWarning]:
        organisation, repositories = recorded.subject.name, recorded.subject.repositories
        conditions = recorded.conditions.of_repositories
        if conditions.teams is None and conditions.topics is None:
            return
        facts = repositories.facts_by_name(organisation).values()
        teams = {repositories.team_in(one) for one in facts}
        topics = {topic for one in facts for topic in one.topics}
        named = (("team", conditions.teams, teams), ("topic", conditions.topics, topics))
        for kind, names, known in named:
            for name in names or ():
                if name and name not in known:
                    yield NameWarning(
                        f"unknown_{kind}",
                        f'No repository of the organisation "{organisation}" has the {kind} '
                        f'"{name}".',
                        recorded.path.as_list(),
                        self._known.suggest_among(name, known),
                    )

    def _unknown_patterns(self, recorded: _NamesOfField) -> Iterator[NameWarning]:
        subject, patterns = recorded.subject, recorded.conditions.of_repositories.left_out
        if patterns is None:
            return
        pages = subject.overviews.headlines(subject.name, [ALL])
        known = {row.name for rows in pages for row in rows}
        # A repository without alerts is known by its facts.
        known.update(subject.repositories.facts_by_name(subject.name))
        for pattern in patterns:
            if not any(map(NamePatterns((pattern,)).match, known)):
                yield NameWarning(
                    "unknown_repository",
                    f'No repository of the organisation "{subject.name}" has the name "{pattern}".',
                    recorded.path.as_list(),
                    self._known.suggest_repositories(subject.name, pattern.replace("*", "")),
                )


def _total_rows(reading: Reading) -> list[PackedRow]:
    """Return the rows for all time."""
    return [row for rows in reading.read_cells([ALL]) for row in rows]
