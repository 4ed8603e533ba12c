"""Fails a CI job while a repository has alerts that are past their due date.

    pip install "gql[httpx]"
    GCSMTTR_URL=https://… GCSMTTR_KEY=… python service_levels.py my-organisation/my-repository

Sends ../queries/04-service-levels.graphql. The targets are those of the deployment's setting
serviceLevels. Exit status: 0 if nothing is overdue; 1 if an alert is; 2 if the request failed or no
event ever arrived for the repository, so that a misspelled name does not pass.
"""

import os
import sys
from pathlib import Path

from gql import Client, gql
from gql.transport.exceptions import TransportError, TransportQueryError
from gql.transport.httpx import HTTPXTransport

QUERY = Path(__file__).parents[1] / "queries" / "04-service-levels.graphql"


def reason(error: TransportError) -> str:
    """Return the messages of a response's errors, or why the response is missing."""
    errors = error.errors if isinstance(error, TransportQueryError) else None
    return "; ".join(one["message"] for one in errors or ()) or str(error)


def main(repository: str) -> int:
    """Print the state of a repository, and return the exit status."""
    transport = HTTPXTransport(
        url=os.environ["GCSMTTR_URL"], headers={"x-api-key": os.environ["GCSMTTR_KEY"]}
    )
    request = gql(QUERY.read_text())
    request.variable_values = {"repository": repository}
    try:
        found = Client(transport=transport).execute(request)["repository"]
    except TransportError as error:
        print(f"The request failed: {reason(error)}", file=sys.stderr)
        return 2
    if found["lastEventAt"] is None:
        print(f"No event ever arrived for {repository}: check the name.", file=sys.stderr)
        return 2
    for row in found["backlog"]:
        print("{group}: {open} open, {overdue} overdue, {dueWithin} due in 3 days".format(**row))
    for row in found["serviceLevels"]:
        if row["due"]:
            print("{severity}: {met} of {due} closed within {targetDays} days".format(**row))
    return 1 if any(row["overdue"] for row in found["backlog"]) else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: service_levels.py OWNER/REPOSITORY")
    sys.exit(main(sys.argv[1]))
