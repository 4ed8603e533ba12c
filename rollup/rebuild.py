"""The command that compares overviews with All Events, and repairs them while events keep flowing.

    python -m rollup.rebuild --check --repository owner/name --stack Gcsmttr
    python -m rollup.rebuild --organisation login --stack Gcsmttr
    python -m rollup.rebuild --all --stack Gcsmttr

--check says what is wrong, one line each; its exit status is 1 if anything is, 0 if nothing.
Without it, what is wrong is repaired and said; the exit status is 0. Rows that change all the time
cannot be compared: they are said, and the exit status is 2. Run it again then.

A repository is its rows, and what its organisation was told of them. An organisation is its rows
and all of its repositories. --all finds what there is by scanning.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import boto3

from rollup.audit import Audit, Findings, Scope
from rollup.audit_reader import AuditReader, TableNames
from rollup.item_reader import ContentionError
from rollup.overview_row import ORGANISATION, REPOSITORY
from rollup.rollup_store import RollupStore
from rollup.scope import AlertsOfRepository, RepositoriesOfOrganisation, RowsOfRepository
from rollup.verification import describe

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_dynamodb import DynamoDBClient

DIFFERENT = 1
BUSY = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    given = _parser().parse_args(arguments)
    tables = tables_of(boto3.client("cloudformation"), given.stack)
    rebuild = Rebuild(boto3.client("dynamodb"), tables=tables)
    if given.repository:
        scopes: Iterable[Scope] = rebuild.repository(given.repository)
    elif given.organisation:
        scopes = rebuild.organisation(given.organisation)
    else:
        scopes = rebuild.everything()
    return rebuild.check(scopes) if given.check else rebuild.repair(scopes)


def tables_of(client: "CloudFormationClient", stack: str) -> TableNames:
    """The tables that a stack's outputs name. Raises KeyError for a stack that names none."""
    (described,) = client.describe_stacks(StackName=stack)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return TableNames(
        all_events=outputs["AllEventsTable"],
        repository_overview=outputs["RepositoryOverviewTable"],
        organisation_overview=outputs["OrganisationOverviewTable"],
        ledger=outputs["LedgerTable"],
    )


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
        yield from self._levels(self._reader.repositories(), self._reader.organisations())

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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rollup.rebuild",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stack", required=True, help="whose outputs name the tables")
    parser.add_argument("--check", action="store_true", help="say what is wrong, change nothing")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--repository", metavar="OWNER/NAME")
    what.add_argument("--organisation", metavar="LOGIN")
    what.add_argument("--all", action="store_true", help="everything that is stored")
    return parser


if __name__ == "__main__":
    sys.exit(main())
