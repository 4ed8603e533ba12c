"""One AlertEvent: what a delivery says happened to an alert, small, documented and versioned.

Owns the record's invariants, on which everything after the bus relies. Its form on the bus is
`detail`'s. Never reads GitHub's payloads (that is `payload`) and never decides
what an event does to a row (that is `alert`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.errors import InvalidAlertError
from ingest.names import LARGEST_ALERT_NUMBER, alert_id, is_repository
from ingest.terms import Action, ClosedAs, Ref, Severity

_DELIVERY = re.compile("[A-Za-z0-9._:-]{1,100}")
_DIGEST = re.compile("[0-9a-f]{64}")
_URL = re.compile(r"https?://[!-~]{1,2000}")
LONGEST_TOOL = 100
"""In UTF-8 bytes, since these are what rows and messages are bounded by."""
LONGEST_RULE = 255
"""In UTF-8 bytes."""

_CLOSINGS: Mapping[Action, frozenset[ClosedAs | None]] = {
    Action.FIXED: frozenset({ClosedAs.FIXED}),
    Action.CLOSED_BY_USER: frozenset(ClosedAs) - {ClosedAs.FIXED},
    Action.RECONCILED: frozenset(ClosedAs) | {None},
}
_NOT_CLOSED: frozenset[ClosedAs | None] = frozenset({None})


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """What one delivery says; times are aware UTC, cut to milliseconds.

    `happened_at` is the time that the payload has for this action, None where it has none.
    `ref` is where the change was seen, and `on_default_branch` whether the payload shows that the
    alert is on the default branch, wherever the change was seen; False where it does not show.
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
    on_default_branch: bool = False
    closed_at: datetime | None = None
    body_digest: str | None = None

    def __post_init__(self) -> None:
        """Hold the invariants."""
        sound = {
            "delivery_id_invalid": is_delivery_id(self.delivery_id),
            "repository_invalid": is_repository(self.repository),
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
        return alert_id(self.repository, self.number)

    @property
    def identity(self) -> str:
        """What identifies an event whose payload has no time for its action.

        It is the body's digest, since the header that holds the delivery id is not signed: the same
        body under another delivery id is the same event.
        """
        return self.body_digest or self.delivery_id


def is_delivery_id(text: str) -> bool:
    """Tell whether a text can be a delivery's id (GitHub's are GUIDs); safe to log if so."""
    return _DELIVERY.fullmatch(text) is not None


def cut_label(text: str, longest: int) -> str:
    """Cut a printable text to so many UTF-8 bytes, between two characters."""
    return text.encode()[:longest].decode(errors="ignore")


def _is_number(value: object) -> bool:
    # The float that DynamoDB or JSON may make of a number is no alert number, nor is True.
    return type(value) is int and 0 < value <= LARGEST_ALERT_NUMBER


def _is_instant(at: datetime) -> bool:
    return at.utcoffset() == timedelta(0) and at.microsecond % 1000 == 0


def _is_label(text: str, longest: int) -> bool:
    return bool(text) and text.isprintable() and len(text.encode()) <= longest
