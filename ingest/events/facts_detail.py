"""The details of an alert and a seen repository, as JSON in events and rows.

Owns the names of their fields. The limits of the values belong to `details` and `repository`. Pure.
"""

from typing import Any

from ingest import instant
from ingest.errors import InvalidAlertError
from ingest.facts.details import ActorKind, Details
from ingest.facts.repository import SeenRepository, facts_from


def of_details(details: Details) -> dict[str, object]:
    """Return details as JSON. A missing value has no field."""
    found = {
        "description": details.description,
        "tags": list(details.tags) or None,
        "path": details.path,
        "startLine": details.start_line,
        "dismissedBy": details.dismissed_by,
        "dismisser": details.dismisser,
    }
    return {name: value for name, value in found.items() if value is not None}


def to_details(values: object) -> Details:
    """Return the details that `of_details` returned.

    Raises:
        InvalidAlertError: `details_invalid`.
    """
    try:
        return _to_details(values)
    except (AttributeError, TypeError, ValueError) as error:
        raise InvalidAlertError("details_invalid") from error


def _to_details(values: Any) -> Details:  # noqa: ANN401
    actor = values.get("dismissedBy")
    return Details(
        description=values.get("description"),
        tags=tuple(values.get("tags") or ()),
        path=values.get("path"),
        start_line=values.get("startLine"),
        dismissed_by=None if actor is None else ActorKind(actor),
        dismisser=values.get("dismisser"),
    )


def of_repository(seen: SeenRepository) -> dict[str, object]:
    """Return a repository as JSON, without its name."""
    seen_at = instant.to_text(instant.to_ms(seen.seen_at))
    return {"id": seen.id, "seenAt": seen_at, **seen.facts.values()}


def to_repository(values: object, *, name: str) -> SeenRepository:
    """Return the repository that `of_repository` returned.

    Raises:
        InvalidAlertError: `repository_id_invalid`, `repository_seen_at_invalid` or
            `repository_facts_invalid`.
    """
    if not isinstance(values, dict):
        raise InvalidAlertError("repository_id_invalid")
    try:
        seen_at = instant.parse(values["seenAt"])
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidAlertError("repository_seen_at_invalid") from error
    return SeenRepository(
        id=values.get("id", 0), name=name, seen_at=seen_at, facts=facts_from(values)
    )
