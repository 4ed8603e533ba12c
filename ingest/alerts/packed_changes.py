"""The set of changes of an alert as one JSON text, as its row contains it.

Owns the version and the form of the text. Pure.
"""

import json
from collections.abc import Sequence
from typing import Any

from ingest.alerts.change import Change, Closing, Facts, Kind
from ingest.terms import ClosedAs, Ref, Severity

_VERSION = 2


def pack_changes(changes: frozenset[Change]) -> str:
    """Return the set as JSON text. Equal sets give equal texts.

    Equal facts are stored once, and changes refer to them by their position.
    """
    facts = sorted({change.facts for change in changes}, key=lambda one: one.key)
    positions = {one: position for position, one in enumerate(facts)}
    packed = {
        "version": _VERSION,
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
    if packed["version"] != _VERSION:
        version = packed["version"]
        raise ValueError(f"packed changes have version {version}, but must have {_VERSION}")
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
