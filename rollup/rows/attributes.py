"""The names of the attributes in the overview tables and the ledger.

Owns the names only. A name that All Events has as well comes from `ingest.alerts.attributes`. Pure.
"""

from ingest import revision
from ingest.alerts import attributes as of_alert

REPOSITORY_NAME = of_alert.REPOSITORY_NAME
"""The partition key of Repository Overview: the folded name."""
ORGANISATION_NAME = of_alert.ORGANISATION_NAME
"""The partition key of Organisation Overview: the folded name. Also a key of indexes."""
PERIOD = "period"
"""The sort key of both overview tables, see `metrics.period`."""

MONTHLY_PERIOD = "monthlyPeriod"
"""The month, in rows of a month that count something."""
LISTED = "listed"
"""The partition key of the index of organisations, in rows of ALL that count something."""

OPEN_ALERTS = "openAlerts"
NUMBER_FIXED = "numberFixed"
NUMBER_MANUALLY_CLOSED = "numberManuallyClosed"
TOTAL_TIME_TO_REMEDIATE = "totalTimeToRemediate"
MEAN_TIME_TO_REMEDIATE = "meanTimeToRemediate"

HEADLINE = "headline"
TOOL_LIMIT = "toolLimit"
LAST_EVENT_AT = of_alert.LAST_EVENT_AT
REPOSITORY_SPELLING = of_alert.REPOSITORY_SPELLING
ORGANISATION_SPELLING = "organisationSpelling"
SPELLED_AT = of_alert.SPELLED_AT

# Overview rows and ledger entries, see `parts`.
REVISION = revision.REVISION
CELLS = "cells"
COHORTS = "cohorts"
PARTS = "parts"

# The ledger.
SOURCE = "source"
PART = "part"
CONTRIBUTION = "contribution"
WRITES = "writes"
