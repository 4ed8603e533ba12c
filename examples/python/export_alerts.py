"""Writes every alert of an organisation as CSV, page by page, for a spreadsheet or a warehouse.

    pip install "gql[httpx]"
    GCSMTTR_URL=https://… GCSMTTR_KEY=… python export_alerts.py my-organisation > alerts.csv

Asks ../queries/09-export.graphql with the `nextToken` of each page until there is none.
"""

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gql import Client, gql
from gql.transport.httpx import HTTPXTransport

QUERY = Path(__file__).parents[1] / "queries" / "09-export.graphql"
COLUMNS = (
    *("id", "alertURL", "severity", "tool", "rule", "branch", "state", "createdAt", "closedAt"),
    *("closedAs", "timeToRemediate"),
)


def alerts(organisation: str) -> Iterator[dict[str, Any]]:
    """Yield an organisation's alerts, oldest first, however many pages they fill."""
    transport = HTTPXTransport(
        url=os.environ["GCSMTTR_URL"], headers={"x-api-key": os.environ["GCSMTTR_KEY"]}
    )
    request = gql(QUERY.read_text())
    token: str | None = None
    with Client(transport=transport) as session:
        while True:
            request.variable_values = {"organisation": organisation, "nextToken": token}
            page = session.execute(request)["organisation"]["alerts"]
            yield from page["data"]
            token = page["nextToken"]
            if token is None:
                return


def main(organisation: str) -> None:
    """Write the rows to standard output."""
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(alerts(organisation))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: export_alerts.py ORGANISATION")
    main(sys.argv[1])
