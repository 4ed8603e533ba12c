"""Runs the audits of one deployment, one subject after the other.

Owns the order of the subjects: repositories first, since their rows are the sources of an
organisation's rows. Never prints.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.names import owner_of
from operations.overviews.audit import Audit, Findings, Subject
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


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one subject's audit.

    Attributes:
        name: The name of the repository or organisation.
        findings: What is wrong, or was repaired.
        contention: Why the rows could not be read or written at all, or None if they could.
    """

    name: str
    findings: Findings
    contention: str | None = None


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

    def of_repository(self, name: str) -> Sequence[Subject]:
        """Return a repository's rows, and the ledger entries that its organisation counts."""
        return [AlertsOfRepository(self._reader, name), RowsOfRepository(self._reader, name)]

    def of_organisation(self, name: str) -> Sequence[Subject]:
        """Return the rows of an organisation's repositories, then those of the organisation."""
        organisation = RepositoriesOfOrganisation(self._reader, name)
        return self._levels(organisation.sources(thorough=False), [name])

    def of_deployment(self) -> Sequence[Subject]:
        """Return the rows of all repositories, then those of all organisations."""
        repositories = self._reader.repositories()
        organisations = {owner_of(name) for name in repositories} | self._reader.organisations()
        return self._levels(repositories, organisations)

    def _levels(
        self, repositories: Iterable[str], organisations: Iterable[str]
    ) -> Sequence[Subject]:
        return [
            *(AlertsOfRepository(self._reader, name) for name in sorted(repositories)),
            *(RepositoriesOfOrganisation(self._reader, name) for name in sorted(organisations)),
        ]

    def check(self, subjects: Iterable[Subject]) -> Iterator[Result]:
        """Yield the differences of each subject."""
        return (self._result(subject, Audit.check) for subject in subjects)

    def repair(self, subjects: Iterable[Subject]) -> Iterator[Result]:
        """Repair each subject, and yield what was repaired."""
        return (self._result(subject, Audit.repair) for subject in subjects)

    def _result(self, subject: Subject, act: Callable[[Audit], Findings]) -> Result:
        audit = Audit(subject, self._stores[subject.level], wait=self._wait)
        try:
            return Result(subject.name, act(audit))
        except ContentionError as error:
            return Result(subject.name, Findings(), contention=error.reason)
