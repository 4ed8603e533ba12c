"""The All Events row of one alert, in the low-level format of boto3's DynamoDB client.

Owns the format: the present state as plain attributes, the packed set of changes, and the details,
which every kind of row keeps. `attributes` owns the names, `alert_key` the keys. While no change of
a row creates its alert, the row contains no state, but an expiry. The row of an alert that is gone
is a tombstone: it contains `goneAt` in place of the state. Neither is in any index, and readers
ignore both. Pure.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.alerts import attributes as names
from ingest.alerts.alert_key import key, state_key
from ingest.alerts.change import Change, Closing, Facts, Kind
from ingest.alerts.lifecycle import Alert, EarlierClosing, fold, gone_ms_of, is_created
from ingest.events.facts_detail import of_details, to_details
from ingest.facts.details import DetailsReport
from ingest.instant import from_text, to_text
from ingest.names import folded, owner_of
from ingest.revision import REVISION
from ingest.terms import Branch, ClosedAs, Ref, Severity

Item = Mapping[str, Any]

STATE_ATTRIBUTES = (
    *(names.STATE, names.CREATED_AT, names.REPOSITORY_SPELLING, names.ALERT_URL, names.SEVERITY),
    *(names.TOOL, names.RULE, names.BRANCH, names.CLOSED_AT, names.CLOSED_AS, names.REOPENED_AT),
    *(names.EARLIER_CLOSINGS, names.LAST_EVENT_AT, names.SPELLED_AT),
)
"""The attributes that `is_alert` and `state_from_item` read."""

_CHANGES_VERSION = 2


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A stored alert.

    Attributes:
        repository: The folded name of the repository.
        number: The number of the alert in its repository.
        revision: Grows by one with every write and never restarts.
        changes: All changes of the alert.
        expires_s: When DynamoDB may delete the row, in seconds since 1970. It applies only until
            the alert is created.
        details: The newest details of the alert. They do not depend on the changes.
    """

    repository: str
    number: int
    revision: int
    changes: frozenset[Change]
    expires_s: int | None = None
    details: DetailsReport | None = None

    @property
    def alert(self) -> Alert | None:
        """The present state, or None if the alert was never created or is gone."""
        return fold(self.changes)

    @property
    def is_created(self) -> bool:
        """Whether a change creates the alert."""
        return is_created(self.changes)

    @property
    def gone_ms(self) -> int | None:
        """When GitHub did not have the alert any more, or None if it was not created or exists."""
        return gone_ms_of(self.changes) if self.is_created else None


def to_item(row: AlertRow) -> dict[str, Any]:
    """Return the whole row. A missing value has no attribute; null is never stored."""
    alert = row.alert
    item: dict[str, Any] = {
        **key(row.repository, row.number),
        names.CHANGES: {"S": pack_changes(row.changes)},
        REVISION: {"N": str(row.revision)},
    }
    if row.details is not None:
        item[names.DETAILS] = {"S": _pack_details(row.details)}
    if alert is not None:
        return item | _state_attributes(alert)
    if (gone_ms := row.gone_ms) is not None:
        return item | {names.GONE_AT: {"S": to_text(gone_ms)}}
    return item if row.expires_s is None else item | {names.EXPIRES_AT: {"N": str(row.expires_s)}}


def _state_attributes(alert: Alert) -> dict[str, Any]:
    created_at = to_text(alert.facts.created_ms)
    closed_at = to_text(alert.closing.closed_ms) if alert.closing else None
    owner = owner_of(alert.facts.repository)
    texts = {
        names.ORGANISATION_NAME: folded(owner),
        names.REPOSITORY_SPELLING: alert.facts.repository,
        names.SPELLED_AT: to_text(alert.spelled_ms),
        names.ALERT_URL: alert.facts.url,
        names.STATE: alert.state,
        names.CREATED_AT: created_at,
        names.CLOSED_AT: closed_at,
        names.CLOSED_AS: alert.closing.closed_as if alert.closing else None,
        names.SEVERITY: alert.facts.severity,
        names.TOOL: alert.facts.tool,
        names.RULE: alert.facts.rule,
        names.BRANCH: alert.branch,
        names.STATE_AT: closed_at or created_at,
        names.ORGANISATION_STATE: state_key(owner, alert.state),
        names.REPOSITORY_STATE: state_key(alert.facts.repository, alert.state),
        names.LAST_EVENT_AT: to_text(alert.last_change_ms),
    }
    lists = {
        names.REOPENED_AT: [to_text(ms) for ms in alert.reopened_ms],
        # Intervals in ISO 8601 format.
        names.EARLIER_CLOSINGS: [
            f"{to_text(one.closed_ms)}/{to_text(one.ended_ms)}" for one in alert.earlier_closings
        ],
    }
    return {
        **{name: {"S": str(text)} for name, text in texts.items() if text is not None},
        **{name: {"L": [{"S": one} for one in many]} for name, many in lists.items() if many},
    }


def from_item(item: Item) -> AlertRow:
    """Return the row that `to_item` wrote."""
    return AlertRow(
        repository=item[names.REPOSITORY_NAME]["S"],
        number=int(item[names.ALERT_ID]["N"]),
        revision=int(item[REVISION]["N"]),
        changes=unpack_changes(item[names.CHANGES]["S"]),
        expires_s=int(item[names.EXPIRES_AT]["N"]) if names.EXPIRES_AT in item else None,
        details=_unpack_details(item[names.DETAILS]["S"]) if names.DETAILS in item else None,
    )


def is_alert(item: Item) -> bool:
    """Return whether the row has a state: its alert was created and is not gone."""
    return names.STATE in item


def is_tombstone(item: Item) -> bool:
    """Return whether the row's alert was created and is gone."""
    return names.GONE_AT in item


def state_from_item(item: Item) -> Alert:
    """Return the state in the plain attributes of an alert's row, without a fold of its changes."""

    def text(name: str) -> str | None:
        return item[name]["S"] if name in item else None

    def texts(name: str) -> list[str]:
        return [one["S"] for one in item[name]["L"]] if name in item else []

    closed_at, closed_as = text(names.CLOSED_AT), text(names.CLOSED_AS)
    return Alert(
        facts=Facts(
            created_ms=from_text(item[names.CREATED_AT]["S"]),
            repository=item[names.REPOSITORY_SPELLING]["S"],
            url=item[names.ALERT_URL]["S"],
            severity=Severity(item[names.SEVERITY]["S"]),
            tool=text(names.TOOL),
            rule=text(names.RULE),
        ),
        branch=Branch(item[names.BRANCH]["S"]),
        closing=Closing(ClosedAs(closed_as), from_text(closed_at))
        if closed_at and closed_as
        else None,
        reopened_ms=tuple(map(from_text, texts(names.REOPENED_AT))),
        earlier_closings=tuple(
            EarlierClosing(*map(from_text, one.split("/"))) for one in texts(names.EARLIER_CLOSINGS)
        ),
        last_change_ms=from_text(item[names.LAST_EVENT_AT]["S"]),
        spelled_ms=from_text(item[names.SPELLED_AT]["S"]),
    )


def _pack_details(report: DetailsReport) -> str:
    packed = {"reportedAt": to_text(report.reported_ms), **of_details(report.details)}
    return json.dumps(packed, separators=(",", ":"), ensure_ascii=False)


def _unpack_details(text: str) -> DetailsReport:
    packed = json.loads(text)
    return DetailsReport(from_text(packed.pop("reportedAt")), to_details(packed))


def pack_changes(changes: frozenset[Change]) -> str:
    """Return the set as JSON text. Equal sets give equal texts.

    Equal facts are stored once, and changes refer to them by their position.
    """
    facts = sorted({change.facts for change in changes}, key=lambda one: one.key)
    positions = {one: position for position, one in enumerate(facts)}
    packed = {
        "version": _CHANGES_VERSION,
        "facts": [
            [one.created_ms, one.repository, one.url, one.severity, one.tool, one.rule]
            for one in facts
        ],
        "changes": [
            [
                change.at_ms,
                change.kind.name,
                change.ref,
                positions[change.facts],
                change.closing.closed_as if change.closing else None,
                change.closing.closed_ms if change.closing else None,
                change.receipt,
                change.observed_ms,
                int(change.on_default),
            ]
            for change in sorted(changes, key=lambda change: change.order)
        ],
    }
    return json.dumps(packed, separators=(",", ":"), ensure_ascii=False)


def unpack_changes(text: str) -> frozenset[Change]:
    """Return the set that `pack_changes` wrote.

    Raises:
        ValueError: The version of the text is not known.
    """
    packed = json.loads(text)
    if packed["version"] != _CHANGES_VERSION:
        version = packed["version"]
        raise ValueError(f"packed changes have version {version}, but must have {_CHANGES_VERSION}")
    facts = [
        Facts(created_ms, repository, url, Severity(severity), tool, rule)
        for created_ms, repository, url, severity, tool, rule in packed["facts"]
    ]
    return frozenset(_change(one, facts) for one in packed["changes"])


def _change(packed: Sequence[Any], facts: Sequence[Facts]) -> Change:
    at_ms, kind, ref, position, closed_as, closed_ms, receipt, observed_ms, on_default = packed
    return Change(
        at_ms=at_ms,
        kind=Kind[kind],
        ref=Ref(ref),
        facts=facts[position],
        closing=None if closed_as is None else Closing(ClosedAs(closed_as), closed_ms),
        receipt=receipt,
        on_default=bool(on_default),
        observed_ms=observed_ms,
    )
