"""The subjects of an audit: a repository and its alerts, an organisation and its repositories.

Owns which sources add to which rows, and how the sources are found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from operations.overviews.comparison import StoredRow
from operations.overviews.reader import AuditReader
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level
from rollup.rows.row_key import RowKey

Entries = Mapping[SourceKey, Entry]


@dataclass(frozen=True, slots=True)
class AlertsOfRepository:
    """The rows of a repository, which are the sums of its alerts."""

    reader: AuditReader
    name: str
    level: Level = REPOSITORY

    def rows(self) -> Mapping[RowKey, StoredRow]:
        """Return the stored rows."""
        return self.reader.rows(self.level, self.name)

    def revisions(self) -> Mapping[RowKey, int]:
        """Return the current revisions of the rows."""
        return self.reader.revisions(self.level, self.name)

    def sources(self, *, thorough: bool) -> Sequence[str]:  # noqa: ARG002  # there is one source
        """Return the repository itself: one partition contains all of its alerts."""
        return (self.name,)

    def read(self, source: str) -> tuple[Entries, Entries]:
        """Return the alerts in the ledger and, read after that, those in All Events."""
        counted = self.reader.counted_alerts(source)
        return counted, self.reader.alerts(source)


@dataclass(frozen=True, slots=True)
class RepositoriesOfOrganisation:
    """The rows of an organisation, which are the sums of its repositories' rows."""

    reader: AuditReader
    name: str
    level: Level = ORGANISATION

    def rows(self) -> Mapping[RowKey, StoredRow]:
        """Return the stored rows."""
        return self.reader.rows(self.level, self.name)

    def revisions(self) -> Mapping[RowKey, int]:
        """Return the current revisions of the rows."""
        return self.reader.revisions(self.level, self.name)

    def sources(self, *, thorough: bool) -> Sequence[str]:
        """Return the names of the organisation's repositories.

        The indexes can miss the newest repository, and a repository whose rows are lost. A
        thorough search reads the ledger too.
        """
        found = self.reader.repositories_of(self.name)
        if thorough:
            found |= self.reader.counted_repositories(self.name)
        return sorted(found)

    def read(self, source: str) -> tuple[Entries, Entries]:
        """Return a repository's rows in the ledger and, read after that, the stored rows."""
        counted = self.reader.counted_rows(source)
        return counted, self.reader.row_entries(source, counted)


@dataclass(frozen=True, slots=True)
class RowsOfRepository:
    """The ledger entries of one repository's rows, without the rows of its organisation.

    The rows of the organisation are sums over other repositories too.
    """

    reader: AuditReader
    name: str
    level: Level = ORGANISATION

    def rows(self) -> Mapping[RowKey, StoredRow]:
        """Return nothing: rows are not compared."""
        return {}

    def revisions(self) -> Mapping[RowKey, int]:
        """Return nothing: rows are not compared."""
        return {}

    def sources(self, *, thorough: bool) -> Sequence[str]:  # noqa: ARG002  # there is one source
        """Return the repository itself."""
        return (self.name,)

    def read(self, source: str) -> tuple[Entries, Entries]:
        """Return the repository's rows in the ledger and, read after that, the stored rows."""
        counted = self.reader.counted_rows(source)
        return counted, self.reader.row_entries(source, counted)
