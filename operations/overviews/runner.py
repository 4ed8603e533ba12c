"""Runs the audits of one deployment, prints their findings and computes the exit status.

Owns the order of the subjects: repositories first, since their rows are the sources of an
organisation's rows.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from ingest.names import owner_of
from operations.overviews.audit import Audit, Findings, Subject
from operations.overviews.comparison import describe
from operations.overviews.reader import AuditReader, TableNames
from operations.overviews.subjects import (
    AlertsOfRepository,
    RepositoriesOfOrganisation,
    RowsOfRepository,
)
from rollup.rows.overview_row import ORGANISATION, REPOSITORY
from rollup.stores.item_reader import ContentionError
from rollup.stores.rollup_store import RollupStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

DIFFERENT = 1
"""The exit status if a check found differences."""
BUSY = 2
"""The exit status if rows changed all the time, so that they could not be compared."""


class AuditRunner:
    """The audits of one deployment. `wait` sleeps for some seconds."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        tables: TableNames,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._reader = AuditReader(client, tables=tables)
        self._stores = {
            level: RollupStore(
                client, level=level, table=tables.overview(level), ledger=tables.ledger
            )
            for level in (REPOSITORY, ORGANISATION)
        }
        self._wait = wait

    def of_repository(self, name: str) -> Iterator[Subject]:
        """Yield a repository's rows, and the ledger entries that its organisation counts."""
        yield AlertsOfRepository(self._reader, name)
        yield RowsOfRepository(self._reader, name)

    def of_organisation(self, name: str) -> Iterator[Subject]:
        """Yield the rows of an organisation's repositories, then those of the organisation."""
        organisation = RepositoriesOfOrganisation(self._reader, name)
        yield from self._levels(organisation.sources(thorough=False), [name])

    def of_deployment(self) -> Iterator[Subject]:
        """Yield the rows of all repositories, then those of all organisations."""
        repositories = self._reader.repositories()
        organisations = {owner_of(name) for name in repositories} | self._reader.organisations()
        yield from self._levels(repositories, organisations)

    def _levels(
        self, repositories: Iterable[str], organisations: Iterable[str]
    ) -> Iterator[Subject]:
        for name in sorted(repositories):
            yield AlertsOfRepository(self._reader, name)
        for name in sorted(organisations):
            yield RepositoriesOfOrganisation(self._reader, name)

    def check(self, subjects: Iterable[Subject]) -> int:
        """Print the differences and return the exit status."""
        status = 0
        for subject in subjects:
            findings = self._run(subject, Audit.check)
            if findings is None or findings.busy:
                status = status or BUSY
            if findings is not None and (findings.rows or findings.entries):
                status = DIFFERENT
        return status

    def repair(self, subjects: Iterable[Subject]) -> int:
        """Repair the differences, print them and return the exit status."""
        status = rows = entries = 0
        for subject in subjects:
            findings = self._run(subject, Audit.repair)
            if findings is None or findings.busy:
                status = BUSY
            if findings is not None:
                rows += len(findings.rows)
                entries += len(findings.entries)
        print(f"repaired {rows} rows and {entries} ledger entries")
        return status

    def _run(self, subject: Subject, act: Callable[[Audit], Findings]) -> Findings | None:
        """Print and return the findings of one audit, or None if its rows stayed busy."""
        audit = Audit(subject, self._stores[subject.level], wait=self._wait)
        try:
            findings = act(audit)
        except ContentionError as error:
            print(f"too busy: {subject.name} ({error.reason})")
            return None
        for entry in findings.entries:
            print(describe(entry))
        for row in findings.rows:
            print(row)
        for row in findings.busy:
            print(f"too busy: {row}")
        return findings
