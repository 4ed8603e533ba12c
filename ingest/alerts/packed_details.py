"""The newest details of an alert as one JSON text, as its row contains them.

Owns the form of the text: the fields of the details in events, and the time of the report. Pure.
"""

import json

from ingest.events.facts_detail import of_details, to_details
from ingest.facts.details import DetailsReport
from ingest.instant import from_text, to_text


def pack_details(report: DetailsReport) -> str:
    """Return the details and the time of their report as JSON text."""
    packed = {"reportedAt": to_text(report.reported_ms), **of_details(report.details)}
    return json.dumps(packed, separators=(",", ":"), ensure_ascii=False)


def unpack_details(text: str) -> DetailsReport:
    """Return what `pack_details` packed.

    Raises:
        InvalidAlertError: `details_invalid`.
    """
    packed = json.loads(text)
    return DetailsReport(from_text(packed.pop("reportedAt")), to_details(packed))
