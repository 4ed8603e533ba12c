"""The keys of the All Events table and of its three indexes.

Owns the names of the indexes and how keys are written; every name in a key is folded. Imports
little, because the query function loads this module during its cold start. Pure.
"""

from typing import Any

from ingest.alerts.attributes import ALERT_ID, REPOSITORY_NAME
from ingest.names import folded
from ingest.terms import AlertState

BY_ORGANISATION = "byOrganisation"
"""The index with the keys `organisationName` + `createdAt`."""
BY_ORGANISATION_STATE = "byOrganisationState"
"""The index with the keys `organisationState` + `stateAt`."""
BY_REPOSITORY_STATE = "byRepositoryState"
"""The index with the keys `repositoryState` + `stateAt`."""


def state_key(name: str, state: AlertState) -> str:
    """Return the partition key of an index by state, for an organisation or a repository."""
    return f"{folded(name)}#{state}"


def key(repository: str, number: int) -> dict[str, Any]:
    """Return the primary key of an alert: `repositoryName` + `alertID`."""
    return {REPOSITORY_NAME: {"S": folded(repository)}, ALERT_ID: {"N": str(number)}}
