"""What an audit compares: a repository with its alerts, an organisation with its repositories.

Owns which sources belong to which rows, and how they are found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from operations.overviews.comparison import Found
from operations.overviews.reader import AuditReader
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level
from rollup.rows.row_key import RowKey

Counted = Mapping[SourceKey, Entry]


@dataclass(frozen=True, slots=True)
class AlertsOfRepository:
    """A repository's rows, which are the sums of its alerts."""

    reader: AuditReader
    name: str
    level: Level = REPOSITORY

    def rows(self) -> Mapping[RowKey, Found]:
        """The rows as they are."""
        return self.reader.rows(self.level, self.name)

    def revisions(self) -> Mapping[RowKey, int]:
        """Their revisions now."""
        return self.reader.revisions(self.level, self.name)

    def sources(self, *, thorough: bool) -> Sequence[str]:  # noqa: ARG002  # one is all
        """The repository itself: one partition holds all of its alerts."""
        return (self.name,)

    def read(self, source: str) -> tuple[Counted, Counted]:
        """The alerts that are counted, and then those that exist."""
        counted = self.reader.alerts_counted(source)
        return counted, self.reader.alerts(source)


@dataclass(frozen=True, slots=True)
class RepositoriesOfOrganisation:
    """An organisation's rows, which are the sums of its repositories' rows."""

    reader: AuditReader
    name: str
    level: Level = ORGANISATION

    def rows(self) -> Mapping[RowKey, Found]:
        """The rows as they are."""
        return self.reader.rows(self.level, self.name)

    def revisions(self) -> Mapping[RowKey, int]:
        """Their revisions now."""
        return self.reader.revisions(self.level, self.name)

    def sources(self, *, thorough: bool) -> Sequence[str]:
        """Its repositories.

        Those that indexes find may lack the newest one, and one whose rows are lost.
        """
        found = self.reader.repositories_of(self.name)
        if thorough:
            found |= self.reader.repositories_counted_for(self.name)
        return sorted(found)

    def read(self, source: str) -> tuple[Counted, Counted]:
        """A repository's rows that are counted, and then those that exist."""
        counted = self.reader.rows_counted(source)
        return counted, self.reader.row_entries(source, counted)


@dataclass(frozen=True, slots=True)
class RowsOfRepository:
    """What organisations count of one repository, without their own rows.

    Those are sums over other repositories too.
    """

    reader: AuditReader
    name: str
    level: Level = ORGANISATION

    def rows(self) -> Mapping[RowKey, Found]:
        """None: they are not compared."""
        return {}

    def revisions(self) -> Mapping[RowKey, int]:
        """None: they are not compared."""
        return {}

    def sources(self, *, thorough: bool) -> Sequence[str]:  # noqa: ARG002  # one is all
        """The repository itself."""
        return (self.name,)

    def read(self, source: str) -> tuple[Counted, Counted]:
        """The repository's rows that are counted, and then those that exist."""
        counted = self.reader.rows_counted(source)
        return counted, self.reader.row_entries(source, counted)
