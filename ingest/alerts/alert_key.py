"""The keys of the All Events table: of an alert, of its indexes, and the public id.

Owns their spelling: `repositoryName` + `alertID`, and what the three indexes are called and keyed
by. Every name in a key is folded, since GitHub compares names case-insensitively. Imports little,
since the query side needs no more than this of a row. Pure.
"""

from typing import Any

from ingest.names import folded
from ingest.terms import AlertState

BY_ORGANISATION = "byOrganisation"
"""Index: `organisationName` + `createdAt`."""
BY_ORGANISATION_STATE = "byOrganisationState"
"""Index: `organisationState` + `stateAt`."""
BY_REPOSITORY_STATE = "byRepositoryState"
"""Index: `repositoryState` + `stateAt`."""


def alert_id(repository: str, number: int) -> str:
    """The public id, `owner/name/number`, with the repository as it is spelled."""
    return f"{repository}/{number}"


def parse_alert_id(text: str) -> tuple[str, int] | None:
    """The repository, folded, and the number of a public id; None if the text is not one."""
    repository, _, number = folded(text).rpartition("/")
    if not repository or not (number.isascii() and number.isdecimal()):
        return None
    return repository, int(number)


def state_key(name: str, state: AlertState) -> str:
    """The partition of an index by state: of an organisation's or of a repository's alerts."""
    return f"{folded(name)}#{state}"


def key(repository: str, number: int) -> dict[str, Any]:
    """The primary key of an alert."""
    return {"repositoryName": {"S": folded(repository)}, "alertID": {"N": str(number)}}
