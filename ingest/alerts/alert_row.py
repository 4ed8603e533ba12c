"""The All Events row of one alert, in the low-level format of boto3's DynamoDB client.

Owns the format: the present state as plain attributes, and the details, which do not depend on it.
`attributes` owns the names, `alert_key` the keys, `packed_changes` the set of changes, and
`packed_details` the text of the details.

Until a change creates the alert, its row contains an expiry and no state. The row of an alert that
is gone is a tombstone: it contains `goneAt` in place of the state. The row of an alert that moved
to another name is a tombstone too: it contains `movedTo`, and neither changes nor details. None of
these is in an index, and readers ignore all of them. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest import origin
from ingest.alerts import attributes as names
from ingest.alerts.alert_key import key, state_key
from ingest.alerts.change import Change, Closing, Facts
from ingest.alerts.lifecycle import Alert, EarlierClosing, fold, gone_ms_of, is_created
from ingest.alerts.packed_changes import pack_changes, unpack_changes
from ingest.alerts.packed_details import pack_details, unpack_details
from ingest.facts.details import DetailsReport
from ingest.instant import from_text, to_text
from ingest.names import folded, owner_of
from ingest.origin import Origins
from ingest.revision import REVISION
from ingest.terms import Branch, ClosedAs, Severity

Item = Mapping[str, Any]

STATE_ATTRIBUTES = (
    *(names.STATE, names.CREATED_AT, names.REPOSITORY_SPELLING, names.ALERT_URL, names.SEVERITY),
    *(names.TOOL, names.RULE, names.BRANCH, names.CLOSED_AT, names.CLOSED_AS, names.REOPENED_AT),
    *(names.EARLIER_CLOSINGS, names.LAST_EVENT_AT, names.SPELLED_AT),
)
"""The attributes that `is_alert` and `state_from_item` read."""
TOMBSTONE_ATTRIBUTES = (names.GONE_AT, names.MOVED_TO)
"""The attributes that `is_tombstone` reads."""


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
        repository_id: GitHub's id of the repository, or None if no event contained it.
        moved_to: The folded name under which the alert is stored now. Such a row has no changes.
        origins: The events of the newest write, for logs and metrics only.
    """

    repository: str
    number: int
    revision: int
    changes: frozenset[Change]
    expires_s: int | None = None
    details: DetailsReport | None = None
    repository_id: int | None = None
    moved_to: str | None = None
    origins: Origins = field(default=(), compare=False)

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
    item: dict[str, Any] = {
        **key(row.repository, row.number),
        REVISION: {"N": str(row.revision)},
    }
    item |= origin.to_attribute(row.origins)
    if row.repository_id is not None:
        item[names.REPOSITORY_ID] = {"N": str(row.repository_id)}
    if row.moved_to is not None:
        return item | {names.MOVED_TO: {"S": row.moved_to}}
    alert = row.alert
    item[names.CHANGES] = {"S": pack_changes(row.changes)}
    if row.details is not None:
        item[names.DETAILS] = {"S": pack_details(row.details)}
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
        changes=unpack_changes(item[names.CHANGES]["S"]) if names.CHANGES in item else frozenset(),
        expires_s=int(item[names.EXPIRES_AT]["N"]) if names.EXPIRES_AT in item else None,
        details=unpack_details(item[names.DETAILS]["S"]) if names.DETAILS in item else None,
        repository_id=int(item[names.REPOSITORY_ID]["N"]) if names.REPOSITORY_ID in item else None,
        moved_to=item[names.MOVED_TO]["S"] if names.MOVED_TO in item else None,
        origins=origin.from_item(item),
    )


def is_alert(item: Item) -> bool:
    """Return whether the row has a state: its alert was created, and is neither gone nor moved."""
    return names.STATE in item


def is_tombstone(item: Item) -> bool:
    """Return whether the row's alert was created and is gone, or moved to another name."""
    return any(name in item for name in TOMBSTONE_ATTRIBUTES)


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
