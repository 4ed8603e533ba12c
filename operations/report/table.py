"""A report as CSV: a row for each severity, and one for all alerts. Pure."""

import csv
import io
from dataclasses import asdict

from operations.report.figures import Figures


def comma_separated(figures: Figures) -> str:
    """Return the table. Times are in days, shares 0 to 1; cells without a value are empty."""
    written = io.StringIO()
    rows = [asdict(row) for row in (*figures.severities, figures.total)]
    writer = csv.DictWriter(written, ["first", "last", *rows[0]], lineterminator="\n", restval="")
    writer.writeheader()
    days = {"first": figures.first.isoformat(), "last": figures.last.isoformat()}
    for row in rows:
        writer.writerow({**days, **row, "severity": row["severity"] or "ALL"})
    return written.getvalue()
