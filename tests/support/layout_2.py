"""The code that packed counts in layout 2, kept as it was, for tests of rows that it wrote.

It knew no cohorts, and wrote ledger entries of alerts without the last value.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.terms import Branch, Severity
from rollup.metrics.counts import COHORT_OUTCOMES, Cell, Counts, Outcome
from rollup.rows.contribution import AlertContribution

_KINDS = tuple(
    (severity, branch, outcome)
    for outcome in tuple(Outcome)[:11]
    for severity in Severity
    for branch in Branch
)
_POSITIONS = {kind: position for position, kind in enumerate(_KINDS)}
_START = struct.Struct("<BH")
_TOOL = struct.Struct("<HB")
_CELL = struct.Struct("<4B")
_TYPES = "BHIQq"
_WIDTHS = (1, 2, 4, 8, 8)
_LIMITS = (2**8, 2**16, 2**32)
_BELOW_ZERO = 4
_STRETCH = 8


def pack(counts: Counts) -> bytes:
    """Return the bytes of counts without cohorts. Raises KeyError if they have one."""
    tools: dict[str, list[tuple[int, Cell]]] = {}
    for key, cell in counts:
        position = _POSITIONS[key.severity, key.branch, key.outcome]
        tools.setdefault(key.tool, []).append((position, cell))
    head, heads, names = _START.pack(2, len(tools)), bytearray(), bytearray()
    cells: list[bytes] = []
    for tool in sorted(tools):
        name = tool.encode()
        head += _TOOL.pack(len(name), len(tools[tool]))
        names += name
        for position, cell in sorted(tools[tool], key=lambda one: one[0]):
            count, total = _signed(cell.count), _signed(cell.total_ms)
            form, length, bins = _pack_bins(cell.bins) if cell.bins else (0, 0, b"")
            heads += _CELL.pack(position, len(count) << 4 | len(total), form, length)
            cells += (count, total, bins)
    return b"".join((head, heads, names, *cells))


def _signed(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True) if number else b""


def _pack_bins(bins: Mapping[int, int]) -> tuple[int, int, bytes]:
    indices = sorted(bins)
    counts = [bins[index] for index in indices]
    most = max(counts)
    kind = _BELOW_ZERO if min(counts) < 0 else sum(most >= limit for limit in _LIMITS)
    width, stretch = _WIDTHS[kind], range(indices[0], indices[-1] + 1)
    if 1 + len(stretch) * width > len(indices) * (1 + width):
        return kind, len(counts), bytes(indices) + _column(kind, counts)
    counts = [bins.get(index, 0) for index in stretch]
    return _STRETCH | kind, len(counts), bytes(indices[:1]) + _column(kind, counts)


def _column(kind: int, counts: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(counts)}{_TYPES[kind]}", *counts)


def without_cohorts(counts: Counts) -> Counts:
    """Return what that code counted of the same alerts."""
    return Counts({key: cell for key, cell in counts if key.outcome not in COHORT_OUTCOMES})


def old_item(item: Mapping[str, Any], counts: Counts) -> dict[str, Any]:
    """Return an item of a row or of a row's ledger entry as that code wrote it."""
    kept = {name: value for name, value in item.items() if name != "cohorts"}
    return {**kept, "cells": {"B": pack(without_cohorts(counts))}}


def old_contribution(alert: AlertContribution) -> str:
    """Return the attribute `contribution` of an alert's ledger entry as that code wrote it."""
    return json.dumps(alert.to_list(), separators=(",", ":"), ensure_ascii=False)
