"""AlertEvent: what a delivery reports about an alert.

Owns the rules for the values of an event. All code after the bus relies on them. The format on the
bus belongs to `alert_detail`, the reading of GitHub's payloads to `payloads`, and the effect of an
event on an alert to `alerts.change` and `alerts.lifecycle`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.errors import InvalidAlertError
from ingest.facts.details import Details
from ingest.facts.repository import SeenRepository
from ingest.names import LARGEST_ALERT_NUMBER, alert_id, is_repository
from ingest.terms import Action, ClosedAs, Ref, Severity

_DELIVERY = re.compile("[A-Za-z0-9._:-]{1,100}")
_DIGEST = re.compile("[0-9a-f]{64}")
_URL = re.compile(r"https?://[!-~]{1,2000}")
LONGEST_TOOL = 100
"""In UTF-8 bytes, which the size of rows and messages is measured in."""
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
    """What one delivery reports. Times are aware UTC, cut to milliseconds.

    An invalid value raises InvalidAlertError with a reason that names the field.

    Attributes:
        delivery_id: The id of the delivery, from a header that is not signed.
        action: What happened.
        repository: The name of the repository, `Owner/Name`, in GitHub's spelling.
        number: The number of the alert in its repository.
        url: The page of the alert.
        created_at: When the alert was created.
        happened_at: The time of the action, or None if the payload does not contain it. For `gone`,
            when GitHub did not have the alert any more.
        received_at: When the delivery was received.
        closed_as: How the alert was closed. Set for closings and for a closed alert that was
            reconciled, else None.
        severity: The severity of the alert.
        tool: The name of the tool, if the payload contains one.
        rule: The id of the rule, if the payload contains one.
        ref: Where the change happened.
        on_default_branch: Whether the payload shows that the alert is on the default branch. This
            does not depend on `ref`.
        closed_at: When a closed alert that was reconciled was closed, else None. The time of a
            closing is its `happened_at`.
        body_digest: The SHA-256 of the delivery's JSON. None for events of version 1 and for
            events without a delivery.
        seen: The repository as the event reports it. None for events of versions 1 and 2, and if
            the event does not contain its id.
        details: The details of the alert. None for events of versions 1 and 2.
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
    seen: SeenRepository | None = None
    details: Details | None = None

    def __post_init__(self) -> None:
        """Raise InvalidAlertError if a value is invalid."""
        validity = {
            "delivery_id_invalid": is_delivery_id(self.delivery_id),
            "repository_invalid": is_repository(self.repository),
            "alert_number_invalid": _is_number(self.number),
            "alert_url_invalid": _URL.fullmatch(self.url),
            "created_at_invalid": _is_instant(self.created_at),
            "happened_at_invalid": self.happened_at is None or _is_instant(self.happened_at),
            "received_at_invalid": _is_instant(self.received_at),
            "closed_as_invalid": self.closed_as in _CLOSINGS.get(self.action, _NOT_CLOSED),
            "closed_at_invalid": self.closed_at is None or self._has_valid_closed_at(),
            "tool_invalid": self.tool is None or _is_label(self.tool, LONGEST_TOOL),
            "rule_invalid": self.rule is None or _is_label(self.rule, LONGEST_RULE),
            "repository_differs": self.seen is None or self.seen.name == self.repository,
            "body_digest_invalid": self.body_digest is None or _DIGEST.fullmatch(self.body_digest),
        }
        for reason, is_valid in validity.items():
            if not is_valid:
                raise InvalidAlertError(reason)

    def _has_valid_closed_at(self) -> bool:
        is_closed = self.action is Action.RECONCILED and self.closed_as is not None
        return is_closed and self.closed_at is not None and _is_instant(self.closed_at)

    @property
    def alert_id(self) -> str:
        """The public id of the alert, `owner/name/number`."""
        return alert_id(self.repository, self.number)

    @property
    def identity(self) -> str:
        """The identity of an event whose payload has no time for its action.

        It is the digest of the body. The header with the delivery id is not signed, so the same
        body with another delivery id is the same event.
        """
        return self.body_digest or self.delivery_id


def is_delivery_id(text: str) -> bool:
    """Return whether a text is a valid id of a delivery, and therefore safe to log.

    GitHub's ids are GUIDs.
    """
    return _DELIVERY.fullmatch(text) is not None


def cut_label(text: str, longest: int) -> str:
    """Cut a printable text to at most `longest` UTF-8 bytes, between two characters."""
    return text.encode()[:longest].decode(errors="ignore")


def _is_number(value: object) -> bool:
    # A float or a bool is not valid, although Python treats both as numbers.
    return type(value) is int and 0 < value <= LARGEST_ALERT_NUMBER


def _is_instant(at: datetime) -> bool:
    return at.utcoffset() == timedelta(0) and at.microsecond % 1000 == 0


def _is_label(text: str, longest: int) -> bool:
    return bool(text) and text.isprintable() and len(text.encode()) <= longest
