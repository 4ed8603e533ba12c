"""Scope after scope of one deployment, compared or repaired, with what is wrong said line by line.

Owns the order of the scopes and the exit status.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from ingest.names import owner_of
from operations.overviews.audit import Audit, Findings, Scope
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
BUSY = 2


class Rebuild:
    """The tables of one deployment, scope after scope."""

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

    def repository(self, name: str) -> Iterator[Scope]:
        """A repository's rows, and what is counted of them above."""
        yield AlertsOfRepository(self._reader, name)
        yield RowsOfRepository(self._reader, name)

    def organisation(self, name: str) -> Iterator[Scope]:
        """The rows of an organisation's repositories, then its own."""
        whole = RepositoriesOfOrganisation(self._reader, name)
        yield from self._levels(whole.sources(thorough=False), [name])

    def everything(self) -> Iterator[Scope]:
        """The rows of every repository, then those of every organisation."""
        repositories = self._reader.repositories()
        organisations = {owner_of(name) for name in repositories} | self._reader.organisations()
        yield from self._levels(repositories, organisations)

    def _levels(self, repositories: Iterable[str], organisations: Iterable[str]) -> Iterator[Scope]:
        for name in sorted(repositories):
            yield AlertsOfRepository(self._reader, name)
        for name in sorted(organisations):
            yield RepositoriesOfOrganisation(self._reader, name)

    def check(self, scopes: Iterable[Scope]) -> int:
        """Say what is wrong; the exit status."""
        status = 0
        for scope in scopes:
            findings = self._said(scope, Audit.check)
            if findings is None or findings.busy:
                status = status or BUSY
            if findings is not None and (findings.rows or findings.entries):
                status = DIFFERENT
        return status

    def repair(self, scopes: Iterable[Scope]) -> int:
        """Repair what is wrong, and say what was; the exit status."""
        status = rows = entries = 0
        for scope in scopes:
            findings = self._said(scope, Audit.repair)
            if findings is None or findings.busy:
                status = BUSY
            if findings is not None:
                rows += len(findings.rows)
                entries += len(findings.entries)
        print(f"repaired {rows} rows and {entries} entries of the ledger")
        return status

    def _said(self, scope: Scope, act: Callable[[Audit], Findings]) -> Findings | None:
        audit = Audit(scope, self._stores[scope.level], wait=self._wait)
        try:
            findings = act(audit)
        except ContentionError as error:
            print(f"{scope.name}: {error.reason}")
            return None
        for entry in findings.entries:
            print(describe(entry))
        for row in findings.rows:
            print(row)
        for row in findings.busy:
            print(f"too busy: {row}")
        return findings
