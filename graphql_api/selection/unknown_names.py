"""Warnings of names under which nothing ever arrived: such a name has zeros that mean nothing.

Owns what is warned of, in which words, and how little is read for it. A field notes what it was
asked about. Once the document is executed, each note is checked by the rows that its answer came
from, so known names cost no read. Unknown ones cost a few, for suggestions. Every read goes through
`reader`, so no warning names anything that the bearer of the key may not read.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from graphql.pyutils import Path

from graphql_api.reading.overviews import PackedRow
from graphql_api.selection.filters import EVERYTHING, Conditions
from graphql_api.selection.known_names import KnownNames
from graphql_api.selection.subject import Reading, Subject
from graphql_api.vocabulary.enums import GroupBy
from graphql_api.vocabulary.errors import ApiError
from rollup.metrics.period import ALL
from rollup.metrics.tool_limit import OTHER
from rollup.rows.counts_codec import tools_of
from rollup.rows.overview_row import ORGANISATION, REPOSITORY

MOST_WARNINGS = 50
MOST_READS = 4
"""For all warnings of one request together; one unknown name takes one or two."""


class Warned(NamedTuple):
    """One warning. `path` leads to the field whose argument has the name."""

    reason: str
    message: str
    path: Sequence[str | int]
    suggestions: Sequence[str]


class _Note(NamedTuple):
    """What a field was asked about, and where it is in the answer."""

    subject: Subject
    conditions: Conditions
    group_by: GroupBy | None
    path: Path

    @property
    def subject_path(self) -> list[str | int]:
        """The path of the field that names the subject: the field around this one, or itself."""
        return (self.path.prev or self.path).as_list()


class UnknownNames:
    """The names that one request asks about."""

    def __init__(self, known: KnownNames) -> None:
        self._known = known
        self._notes: dict[tuple[object, ...], _Note] = {}

    def note(
        self,
        subject: Subject,
        path: Path,
        conditions: Conditions = EVERYTHING,
        group_by: GroupBy | None = None,
    ) -> None:
        """Remember what a field was asked about; the same once."""
        if subject.is_left_out(conditions):
            return
        names = (conditions.repositories, conditions.tools)
        same = (subject.level, subject.name, *names, group_by)
        self._notes.setdefault(same, _Note(subject, conditions, group_by, path))

    def warnings(self) -> list[dict[str, Any]]:
        """Return the warnings of everything noted, each once, as they go into the answer.

        Never fails for what a client can do: where too little may be read, fewer names are warned
        of.
        """
        found: dict[str, Warned] = {}
        with self._known.reader.at_most(MOST_READS):
            try:
                for warned in self._all():
                    found.setdefault(warned.message, warned)
                    if len(found) == MOST_WARNINGS:
                        break
            except ApiError:
                pass
        return [warned._asdict() for warned in found.values()]

    def _all(self) -> Iterator[Warned]:
        for note in self._notes.values():
            yield from self._of(note)

    def _of(self, note: _Note) -> Iterator[Warned]:
        subject, wanted = note.subject, note.conditions
        rows = _whole(subject.reading(wanted, note.group_by))
        if not rows and (wanted.repositories is None or not _whole(subject.reading(EVERYTHING))):
            yield self._unknown_subject(note)
            return
        yield from self._unknown_repositories(note, {row.name for row in rows})
        if rows and wanted.tools is not None:
            yield from self._unknown_tools(note, rows)

    def _unknown_subject(self, note: _Note) -> Warned:
        level, name, _ = note.subject
        kind = "repository" if level is REPOSITORY else "organisation"
        return Warned(
            f"unknown_{kind}",
            f'Nothing ever arrived from the {kind} "{name}", or this key may not read it.',
            note.subject_path,
            self._known.like(level, name),
        )

    def _unknown_repositories(self, note: _Note, known: set[str]) -> Iterator[Warned]:
        if note.subject.level is not ORGANISATION:
            return
        organisation = note.subject.name
        for name in note.conditions.repositories or ():
            if name not in known:
                yield Warned(
                    "unknown_repository",
                    f'Nothing ever arrived from a repository "{name}" of the organisation '
                    f'"{organisation}".',
                    note.path.as_list(),
                    self._known.like_of_owner(organisation, name),
                )

    def _unknown_tools(self, note: _Note, rows: Sequence[PackedRow]) -> Iterator[Warned]:
        known = {tool for row in rows for tool in tools_of(row.packed)}
        what = "the chosen repositories" if note.conditions.repositories else note.subject.name
        for tool in note.conditions.tools or ():
            if not tool or tool in known:
                continue
            if OTHER in known:
                yield Warned(
                    "pooled_tool",
                    f'The rows of {what} do not name the tool "{tool}": its alerts, if there are '
                    f'any, count under "{OTHER}".',
                    note.path.as_list(),
                    [*self._known.like_tool(tool, known - {OTHER}), OTHER],
                )
            else:
                yield Warned(
                    "unknown_tool",
                    f'No alert of {what} is from the tool "{tool}".',
                    note.path.as_list(),
                    self._known.like_tool(tool, known),
                )


def _whole(reading: Reading) -> list[PackedRow]:
    """Return the ALL rows of what is read."""
    return [row for rows in reading.cells([ALL]) for row in rows]
