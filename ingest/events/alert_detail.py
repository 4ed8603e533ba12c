"""The detail of an AlertEvent on the event bus: a small, versioned JSON document.

Owns the fields of each version and their types. `alert_event` owns the rules for their
values. Pure.
"""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from ingest import instant
from ingest.errors import InvalidAlertError
from ingest.events import facts_detail
from ingest.events.alert_event import LONGEST_RULE, LONGEST_TOOL, AlertEvent, cut_label
from ingest.terms import Action, ClosedAs, Ref, Severity

SOURCE = "gcsmttr.ingest"
DETAIL_TYPE = "AlertEvent"
VERSION = 3
"""The version that is written. All earlier ones can be read.

Version 1 has no digest and no branch. Versions 1 and 2 have no repository and no details.
"""

_Value = TypeVar("_Value", bound=StrEnum)

_FIELDS = frozenset(
    {"version", "deliveryId", "action", "repositoryName", "alertID", "alertURL", "createdAt"}
    | {"happenedAt", "receivedAt", "closedAt", "closedAs", "severity", "tool", "rule", "ref"}
)
_FIELDS_OF_VERSIONS = {
    1: _FIELDS | {"organisationName"},
    2: _FIELDS | {"onDefaultBranch", "bodyDigest"},
    VERSION: _FIELDS | {"onDefaultBranch", "bodyDigest", "repository", "details"},
}


def to_detail(event: AlertEvent) -> dict[str, object]:
    """Return the event's detail: plain JSON, with times in RFC 3339 format and milliseconds."""
    return {
        "version": VERSION,
        "deliveryId": event.delivery_id,
        "action": event.action.value,
        "repositoryName": event.repository,
        "alertID": event.number,
        "alertURL": event.url,
        "createdAt": _as_text(event.created_at),
        "happenedAt": _as_text(event.happened_at),
        "receivedAt": _as_text(event.received_at),
        "closedAt": _as_text(event.closed_at),
        "closedAs": None if event.closed_as is None else event.closed_as.value,
        "severity": event.severity.value,
        "tool": event.tool,
        "rule": event.rule,
        "ref": event.ref.value,
        "onDefaultBranch": event.on_default_branch,
        "bodyDigest": event.body_digest,
        "repository": None if event.seen is None else facts_detail.of_repository(event.seen),
        "details": None if event.details is None else facts_detail.of_details(event.details),
    }


def from_detail(detail: object) -> AlertEvent:
    """Return the event in a detail, which must have exactly the fields of its version, 1 to 3.

    The organisation in version 1 is not read, since it is the owner of the repository. Long names
    of tools and rules in version 1 are cut.

    Raises:
        InvalidAlertError: `detail_not_an_object`, `version_unknown`, `detail_fields_wrong`, or a
            reason that names the field.
    """
    if not isinstance(detail, dict):
        raise InvalidAlertError("detail_not_an_object")
    version = detail.get("version")
    if type(version) is not int or version not in _FIELDS_OF_VERSIONS:
        raise InvalidAlertError("version_unknown")
    if detail.keys() != _FIELDS_OF_VERSIONS[version]:
        raise InvalidAlertError("detail_fields_wrong")
    digest = detail.get("bodyDigest")
    cut = version == 1
    repository = _text(detail["repositoryName"], "repository_invalid")
    seen, details = detail.get("repository"), detail.get("details")
    return AlertEvent(
        delivery_id=_text(detail["deliveryId"], "delivery_id_invalid"),
        action=_enum_value(Action, detail["action"], "action_invalid"),
        repository=repository,
        number=_number(detail["alertID"]),
        url=_text(detail["alertURL"], "alert_url_invalid"),
        created_at=_instant(detail["createdAt"], "created_at_invalid"),
        happened_at=_instant_or_none(detail["happenedAt"], "happened_at_invalid"),
        received_at=_instant(detail["receivedAt"], "received_at_invalid"),
        closed_at=_instant_or_none(detail["closedAt"], "closed_at_invalid"),
        closed_as=(
            None
            if detail["closedAs"] is None
            else _enum_value(ClosedAs, detail["closedAs"], "closed_as_invalid")
        ),
        severity=_enum_value(Severity, detail["severity"], "severity_invalid"),
        tool=_label(detail["tool"], "tool_invalid", longest=LONGEST_TOOL if cut else None),
        rule=_label(detail["rule"], "rule_invalid", longest=LONGEST_RULE if cut else None),
        ref=_enum_value(Ref, detail["ref"], "ref_invalid"),
        on_default_branch=_flag(detail.get("onDefaultBranch", False), "on_default_invalid"),
        body_digest=None if digest is None else _text(digest, "body_digest_invalid"),
        seen=None if seen is None else facts_detail.to_repository(seen, name=repository),
        details=None if details is None else facts_detail.to_details(details),
    )


def _text(value: object, reason: str) -> str:
    if not isinstance(value, str):
        raise InvalidAlertError(reason)
    return value


def _label(value: object, reason: str, *, longest: int | None) -> str | None:
    if value is None:
        return None
    text = _text(value, reason)
    return text if longest is None or not text.isprintable() else cut_label(text, longest)


def _flag(value: object, reason: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidAlertError(reason)
    return value


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise InvalidAlertError("alert_number_invalid")
    return value


def _instant(value: object, reason: str) -> datetime:
    try:
        return instant.parse(_text(value, reason))
    except ValueError as error:
        raise InvalidAlertError(reason) from error


def _instant_or_none(value: object, reason: str) -> datetime | None:
    return None if value is None else _instant(value, reason)


def _as_text(at: datetime | None) -> str | None:
    return None if at is None else instant.to_text(instant.to_ms(at))


def _enum_value(enum: type[_Value], value: object, reason: str) -> _Value:
    try:
        return enum(_text(value, reason))
    except ValueError as error:
        raise InvalidAlertError(reason) from error
