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
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import boto3

from rollup.rebuild.audit import Scope
from rollup.rebuild.reader import TableNames
from rollup.rebuild.rebuild import Rebuild

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient


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
