"""One AlertEvent: what a delivery says happened to an alert, small, documented and versioned.

Owns the record's invariants and its form on the event bus (`to_detail`, `from_detail`); everything
after the bus relies on them. Never reads GitHub's payloads (that is `payload`) and never decides
what an event does to a row (that is `alert`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from ingest import instant
from ingest.errors import InvalidAlertError
from ingest.terms import Action, ClosedAs, Ref, Severity

SOURCE = "gcsmttr.ingest"
DETAIL_TYPE = "AlertEvent"
VERSION = 2
"""What is written. Version 1, which named the organisation and had no digest, can still be read."""

# GitHub allows 39 and 100 of these characters; the bound keeps every DynamoDB key far below its
# 1,024 and 2,048 bytes, and no name can look like a key's separator.
_NAME = "[A-Za-z0-9._-]{1,100}"
_REPOSITORY = re.compile(f"{_NAME}/{_NAME}")
_DELIVERY = re.compile("[A-Za-z0-9._:-]{1,100}")
_DIGEST = re.compile("[0-9a-f]{64}")
_URL = re.compile(r"https?://[!-~]{1,2000}")
# GraphQL's Int, in which the API gives the number, has 32 bits.
_LARGEST_NUMBER = 2**31 - 1
LONGEST_TOOL = 100
LONGEST_RULE = 255

_CLOSINGS: Mapping[Action, frozenset[ClosedAs | None]] = {
    Action.FIXED: frozenset({ClosedAs.FIXED}),
    Action.CLOSED_BY_USER: frozenset(ClosedAs) - {ClosedAs.FIXED},
    Action.RECONCILED: frozenset(ClosedAs) | {None},
}
_NOT_CLOSED: frozenset[ClosedAs | None] = frozenset({None})

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """What one delivery says; times are aware UTC, cut to milliseconds.

    `happened_at` is the time that the payload has for this action, None where it has none.
    `body_digest` is the SHA-256 of the delivery's JSON: None where nothing was delivered, and in
    events of version 1.
    `closed_as` is set by the closings (and by a reconciled alert that is closed) and only by them;
    `closed_at` only by such a reconciled alert, since a closing's own time is its `happened_at`.
    Making one with a wrong value raises InvalidAlertError with a reason that names the field.
    """

    delivery_id: str
    action: Action
    repository: str
    number: int
    url: str
    created_at: datetime
    happened_at: datetime | None
    received_at: datetime
    closed_as: ClosedAs | None
    severity: Severity
    tool: str | None
    rule: str | None
    ref: Ref
    closed_at: datetime | None = None
    body_digest: str | None = None

    def __post_init__(self) -> None:
        """Hold the invariants."""
        sound = {
            "delivery_id_invalid": is_delivery_id(self.delivery_id),
            "repository_invalid": _REPOSITORY.fullmatch(self.repository),
            "alert_number_invalid": _is_number(self.number),
            "alert_url_invalid": _URL.fullmatch(self.url),
            "created_at_invalid": _is_instant(self.created_at),
            "happened_at_invalid": self.happened_at is None or _is_instant(self.happened_at),
            "received_at_invalid": _is_instant(self.received_at),
            "closed_as_invalid": self.closed_as in _CLOSINGS.get(self.action, _NOT_CLOSED),
            "closed_at_invalid": self.closed_at is None or self._may_tell_when_closed(),
            "tool_invalid": self.tool is None or _is_label(self.tool, LONGEST_TOOL),
            "rule_invalid": self.rule is None or _is_label(self.rule, LONGEST_RULE),
            "body_digest_invalid": self.body_digest is None or _DIGEST.fullmatch(self.body_digest),
        }
        for reason, holds in sound.items():
            if not holds:
                raise InvalidAlertError(reason)

    def _may_tell_when_closed(self) -> bool:
        is_closed = self.action is Action.RECONCILED and self.closed_as is not None
        return is_closed and self.closed_at is not None and _is_instant(self.closed_at)

    @property
    def alert_id(self) -> str:
        """The alert's id to the outside: `owner/name/number`."""
        return f"{self.repository}/{self.number}"

    @property
    def identity(self) -> str:
        """What identifies an event whose payload has no time for its action.

        It is the body's digest, since the header that holds the delivery id is not signed: the same
        body under another delivery id is the same event.
        """
        return self.body_digest or self.delivery_id

    def to_detail(self) -> dict[str, str | int | None]:
        """Return the event's detail on the bus: plain JSON, times as RFC 3339 with milliseconds."""
        return {
            "version": VERSION,
            "deliveryId": self.delivery_id,
            "action": self.action.value,
            "repositoryName": self.repository,
            "alertID": self.number,
            "alertURL": self.url,
            "createdAt": _as_text(self.created_at),
            "happenedAt": _as_text(self.happened_at),
            "receivedAt": _as_text(self.received_at),
            "closedAt": _as_text(self.closed_at),
            "closedAs": None if self.closed_as is None else self.closed_as.value,
            "severity": self.severity.value,
            "tool": self.tool,
            "rule": self.rule,
            "ref": self.ref.value,
            "bodyDigest": self.body_digest,
        }

    @classmethod
    def from_detail(cls, detail: object) -> "AlertEvent":
        """Read a detail back; it must have exactly the fields of its version, 1 or 2.

        The organisation that version 1 names is not read: it is the owner of the repository.

        Raises InvalidAlertError: `detail_not_an_object`, `version_unknown`, `detail_fields_wrong`
        or a reason that names the field.
        """
        if not isinstance(detail, dict):
            raise InvalidAlertError("detail_not_an_object")
        version = detail.get("version")
        if type(version) is not int or version not in _FIELDS_OF_VERSIONS:
            raise InvalidAlertError("version_unknown")
        if detail.keys() != _FIELDS_OF_VERSIONS[version]:
            raise InvalidAlertError("detail_fields_wrong")
        digest = detail.get("bodyDigest")
        return cls(
            delivery_id=_text(detail["deliveryId"], "delivery_id_invalid"),
            action=_word(Action, detail["action"], "action_invalid"),
            repository=_text(detail["repositoryName"], "repository_invalid"),
            number=_number(detail["alertID"]),
            url=_text(detail["alertURL"], "alert_url_invalid"),
            created_at=_instant(detail["createdAt"], "created_at_invalid"),
            happened_at=_instant_or_none(detail["happenedAt"], "happened_at_invalid"),
            received_at=_instant(detail["receivedAt"], "received_at_invalid"),
            closed_at=_instant_or_none(detail["closedAt"], "closed_at_invalid"),
            closed_as=(
                None
                if detail["closedAs"] is None
                else _word(ClosedAs, detail["closedAs"], "closed_as_invalid")
            ),
            severity=_word(Severity, detail["severity"], "severity_invalid"),
            tool=None if detail["tool"] is None else _text(detail["tool"], "tool_invalid"),
            rule=None if detail["rule"] is None else _text(detail["rule"], "rule_invalid"),
            ref=_word(Ref, detail["ref"], "ref_invalid"),
            body_digest=None if digest is None else _text(digest, "body_digest_invalid"),
        )


_FIELDS = frozenset(
    {"version", "deliveryId", "action", "repositoryName", "alertID", "alertURL", "createdAt"}
    | {"happenedAt", "receivedAt", "closedAt", "closedAs", "severity", "tool", "rule", "ref"}
)
_FIELDS_OF_VERSIONS = {1: _FIELDS | {"organisationName"}, VERSION: _FIELDS | {"bodyDigest"}}


def is_delivery_id(text: str) -> bool:
    """Tell whether a text can be a delivery's id (GitHub's are GUIDs); safe to log if so."""
    return _DELIVERY.fullmatch(text) is not None


def _is_number(value: object) -> bool:
    # The float that DynamoDB or JSON may make of a number is no alert number, nor is True.
    return type(value) is int and 0 < value <= _LARGEST_NUMBER


def _is_instant(at: datetime) -> bool:
    return at.utcoffset() == timedelta(0) and at.microsecond % 1000 == 0


def _is_label(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and text.isprintable()


def _text(value: object, reason: str) -> str:
    if not isinstance(value, str):
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


def _word(words: type[_Word], value: object, reason: str) -> _Word:
    try:
        return words(_text(value, reason))
    except ValueError as error:
        raise InvalidAlertError(reason) from error
