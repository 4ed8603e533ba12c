"""The All Events row of one alert, in the low-level form that boto3's DynamoDB client speaks.

Owns the attribute names: the present state as plain readable attributes, and the packed set of
changes, beside the keys that `alert_key` spells. Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest.alert import Alert, Change, Closing, Facts, Kind, fold
from ingest.alert_key import key, state_key
from ingest.instant import from_text, to_text
from ingest.terms import Branch, ClosedAs, Ref, Severity

Item = Mapping[str, Any]

REOPENINGS_KEPT = 12
"""How many of an alert's last reopenings its row shows, and its periods count."""

_CHANGES_VERSION = 1


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert as stored. `revision` grows by one with every write and never restarts."""

    repository: str
    number: int
    revision: int
    changes: frozenset[Change]

    @property
    def alert(self) -> Alert:
        """The present state."""
        return fold(self.changes)


def to_item(row: AlertRow) -> dict[str, Any]:
    """The whole row. Optional attributes are absent rather than null."""
    alert = row.alert
    created_at = to_text(alert.facts.created_ms)
    closed_at = to_text(alert.closing.closed_ms) if alert.closing else None
    texts = {
        "organisationName": alert.facts.organisation,
        "alertURL": alert.facts.url,
        "state": alert.state,
        "createdAt": created_at,
        "closedAt": closed_at,
        "closedAs": alert.closing.closed_as if alert.closing else None,
        "severity": alert.facts.severity,
        "tool": alert.facts.tool,
        "rule": alert.facts.rule,
        "branch": alert.branch,
        "stateAt": closed_at or created_at,
        "organisationState": state_key(alert.facts.organisation, alert.state),
        "repositoryState": state_key(row.repository, alert.state),
        "lastEventAt": to_text(alert.last_change_ms),
        "changes": pack_changes(row.changes),
    }
    item: dict[str, Any] = {
        **key(row.repository, row.number),
        **{name: {"S": str(text)} for name, text in texts.items() if text is not None},
        "revision": {"N": str(row.revision)},
    }
    if alert.reopened_ms:
        last = alert.reopened_ms[-REOPENINGS_KEPT:]
        item["reopenedAt"] = {"L": [{"S": to_text(ms)} for ms in last]}
    return item


def from_item(item: Item) -> AlertRow:
    """The row that `to_item` wrote."""
    return AlertRow(
        repository=item["repositoryName"]["S"],
        number=int(item["alertID"]["N"]),
        revision=int(item["revision"]["N"]),
        changes=unpack_changes(item["changes"]["S"]),
    )


def state_from_item(item: Item) -> Alert:
    """The present state as the row's plain attributes tell it, without folding its changes."""

    def text(name: str) -> str | None:
        return item[name]["S"] if name in item else None

    closed_at, closed_as = text("closedAt"), text("closedAs")
    return Alert(
        facts=Facts(
            created_ms=from_text(item["createdAt"]["S"]),
            organisation=item["organisationName"]["S"],
            url=item["alertURL"]["S"],
            severity=Severity(item["severity"]["S"]),
            tool=text("tool"),
            rule=text("rule"),
        ),
        branch=Branch(item["branch"]["S"]),
        closing=Closing(ClosedAs(closed_as), from_text(closed_at))
        if closed_at and closed_as
        else None,
        reopened_ms=tuple(from_text(at["S"]) for at in item.get("reopenedAt", {"L": []})["L"]),
        last_change_ms=from_text(item["lastEventAt"]["S"]),
    )


def pack_changes(changes: frozenset[Change]) -> str:
    """The set as JSON text, equal for equal sets: facts once each, changes pointing at them."""
    facts = sorted({change.facts for change in changes}, key=lambda one: one.key)
    places = {one: place for place, one in enumerate(facts)}
    packed = {
        "version": _CHANGES_VERSION,
        "facts": [
            [one.created_ms, one.organisation, one.url, one.severity, one.tool, one.rule]
            for one in facts
        ],
        "changes": [
            [
                change.at_ms,
                change.kind.name,
                change.ref,
                places[change.facts],
                change.closing.closed_as if change.closing else None,
                change.closing.closed_ms if change.closing else None,
                change.receipt,
                change.observed_ms,
            ]
            for change in sorted(changes, key=lambda change: change.order)
        ],
    }
    return json.dumps(packed, separators=(",", ":"), ensure_ascii=False)


def unpack_changes(text: str) -> frozenset[Change]:
    """The set that `pack_changes` wrote. Raises ValueError for a version it does not know."""
    packed = json.loads(text)
    if packed["version"] != _CHANGES_VERSION:
        raise ValueError(f"unknown version of packed changes: {packed['version']}")
    facts = [
        Facts(created_ms, organisation, url, Severity(severity), tool, rule)
        for created_ms, organisation, url, severity, tool, rule in packed["facts"]
    ]
    return frozenset(
        Change(
            at_ms=at_ms,
            kind=Kind[kind],
            ref=Ref(ref),
            facts=facts[place],
            closing=None if closed_as is None else Closing(ClosedAs(closed_as), closed_ms),
            receipt=receipt,
            observed_ms=observed_ms,
        )
        for at_ms, kind, ref, place, closed_as, closed_ms, receipt, observed_ms in packed["changes"]
    )
