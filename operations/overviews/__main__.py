"""The command that compares the overviews with All Events and repairs them, while events arrive.

    python -m operations.overviews --check --repository owner/name --stack Gcsmttr
    python -m operations.overviews --organisation login --stack Gcsmttr
    python -m operations.overviews --all --stack Gcsmttr

--check prints one line for each difference and changes nothing. Its exit status is 1 if there are
differences, else 0. Without --check the command repairs the differences and prints them; the exit
status is 0. Rows that change all the time cannot be compared. The command prints them, and the exit
status is 2: run the command again. The exit status 3 means that the stack does not exist.

--repository selects the rows of a repository, and the ledger entries that its organisation counts.
--organisation selects the rows of an organisation and of all its repositories. --all scans the
tables for all repositories and organisations.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence

import boto3

from ingest.names import folded
from operations.errors import NoStackError
from operations.overviews.audit import Subject
from operations.overviews.reader import TableNames
from operations.overviews.runner import AuditRunner
from operations.stack_outputs import NO_STACK, outputs_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    given = _parser().parse_args(arguments)
    try:
        outputs = outputs_of(boto3.client("cloudformation"), given.stack)
    except NoStackError as error:
        print(error, file=sys.stderr)
        return NO_STACK
    tables = TableNames(
        all_events=outputs["AllEventsTable"],
        repository_overview=outputs["RepositoryOverviewTable"],
        organisation_overview=outputs["OrganisationOverviewTable"],
        ledger=outputs["LedgerTable"],
    )
    runner = AuditRunner(boto3.client("dynamodb"), tables=tables)
    if given.repository:
        subjects: Iterable[Subject] = runner.of_repository(folded(given.repository))
    elif given.organisation:
        subjects = runner.of_organisation(folded(given.organisation))
    else:
        subjects = runner.of_deployment()
    return runner.check(subjects) if given.check else runner.repair(subjects)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m operations.overviews",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stack", required=True, help="the name of the stack, such as Gcsmttr")
    parser.add_argument("--check", action="store_true", help="print differences and change nothing")
    selection = parser.add_mutually_exclusive_group(required=True)
    selection.add_argument("--repository", metavar="OWNER/NAME", help="the rows of a repository")
    selection.add_argument(
        "--organisation", metavar="LOGIN", help="the rows of an organisation and its repositories"
    )
    selection.add_argument("--all", action="store_true", help="all rows of the deployment")
    return parser


if __name__ == "__main__":
    sys.exit(main())
