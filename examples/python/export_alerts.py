"""Writes every alert of an organisation as CSV, page by page, for a spreadsheet or a warehouse.

    pip install "gql[httpx]"
    GCSMTTR_URL=https://… GCSMTTR_KEY=… python export_alerts.py my-organisation > alerts.csv

Sends ../queries/09-export.graphql with the `nextToken` of each page until there is none. Exit
status: 0 with all rows; 1 if a request failed, even after some rows; 2 if no event ever arrived for
the organisation.
"""

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gql import Client, gql
from gql.transport.exceptions import TransportError, TransportQueryError
from gql.transport.httpx import HTTPXTransport

QUERY = Path(__file__).parents[1] / "queries" / "09-export.graphql"
COLUMNS = (
    *("id", "repositoryName", "alertURL", "severity", "tool", "rule", "branch", "state"),
    *("createdAt", "closedAt", "closedAs", "timeToRemediate"),
)


def pages(organisation: str) -> Iterator[dict[str, Any]]:
    """Yield an organisation with one page of its alerts at a time, oldest first."""
    transport = HTTPXTransport(
        url=os.environ["GCSMTTR_URL"], headers={"x-api-key": os.environ["GCSMTTR_KEY"]}
    )
    request = gql(QUERY.read_text())
    token: str | None = None
    with Client(transport=transport) as session:
        while True:
            request.variable_values = {"organisation": organisation, "nextToken": token}
            page = session.execute(request)["organisation"]
            yield page
            token = page["alerts"]["nextToken"]
            if token is None:
                return


def reason(error: TransportError) -> str:
    """Return the messages of a response's errors, or why the response is missing."""
    errors = error.errors if isinstance(error, TransportQueryError) else None
    return "; ".join(one["message"] for one in errors or ()) or str(error)


def main(organisation: str) -> int:
    """Write the rows to standard output, and return the exit status."""
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    try:
        for number, page in enumerate(pages(organisation)):
            if page["lastEventAt"] is None:
                print(f"No event ever arrived for {organisation}: check the name.", file=sys.stderr)
                return 2
            if number == 0:
                writer.writeheader()
            writer.writerows(page["alerts"]["data"])
    except TransportError as error:
        print(f"The request failed: {reason(error)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: export_alerts.py ORGANISATION")
    sys.exit(main(sys.argv[1]))
