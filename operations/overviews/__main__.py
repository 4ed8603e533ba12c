"""The command that compares overviews with All Events, and repairs them while events keep flowing.

    python -m operations.overviews --check --repository owner/name --stack Gcsmttr
    python -m operations.overviews --organisation login --stack Gcsmttr
    python -m operations.overviews --all --stack Gcsmttr

--check says what is wrong, one line each; its exit status is 1 if anything is, 0 if nothing.
Without it, what is wrong is repaired and said; the exit status is 0. Rows that change all the time
cannot be compared: they are said, and the exit status is 2. Run it again then. 3: no such stack.

A repository is its rows, and what its organisation was told of them. An organisation is its rows
and all of its repositories. --all finds what there is by scanning.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence

import boto3

from ingest.names import folded
from operations.overviews.audit import Scope
from operations.overviews.reader import TableNames
from operations.overviews.runner import Rebuild
from operations.stack_outputs import NO_STACK, NoStackError, outputs_of


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
    rebuild = Rebuild(boto3.client("dynamodb"), tables=tables)
    if given.repository:
        scopes: Iterable[Scope] = rebuild.repository(folded(given.repository))
    elif given.organisation:
        scopes = rebuild.organisation(folded(given.organisation))
    else:
        scopes = rebuild.everything()
    return rebuild.check(scopes) if given.check else rebuild.repair(scopes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m operations.overviews",
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
