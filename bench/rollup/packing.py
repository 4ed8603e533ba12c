"""The packing of the rollup part: how large rows are, and what packing and unpacking them takes.

Beside the codec runs the standard library's JSON with the same numbers, which is written in C.
"""

import json
from collections.abc import Sequence

from bench.rollup.item_size import item_bytes, write_units
from bench.table import Table, Value
from bench.turns import take_turns
from bench.workload import SEVERITIES, closed_counts, repository_item, rows_holding
from rollup.metrics.counts import Counts
from rollup.rows.counts_codec import pack, unpack

_CALLS = 20


def measure_sizes(stored: Sequence[int]) -> Table:
    """Bytes of a repository's rows that hold so many closed alerts."""
    rows: list[dict[str, Value]] = []
    for severities in (1, len(SEVERITIES)):
        for held in stored:
            for row in rows_holding(held, severities=severities):
                size = item_bytes(repository_item(row))
                rows.append(
                    {
                        "row": row.key.period.partition("#")[0],
                        "severities": severities,
                        "closed alerts": held,
                        "packed bytes": len(pack(row.counts)),
                        "item bytes": size,
                        "share of 400 KB": size / 400_000,
                        "WCU": 2 * write_units(size),
                    }
                )
    return Table(
        title="Row sizes",
        note="One tool, closings from one minute to two years. WCU: of one transactional write.",
        rows=rows,
    )


def measure_times(stored: Sequence[int], *, rounds: int) -> Table:
    """The time of packing and unpacking one row, beside JSON."""
    return Table(
        title="Packing a row",
        note=(
            "CPU time in microseconds per row. x JSON: over json.loads and json.dumps of the same"
            " numbers, in turns."
        ),
        rows=[
            _times(f"{name}, {held:,} closed", held, with_bins=with_bins, rounds=rounds)
            for held in stored
            for name, with_bins in (("ALL", False), ("month", True))
        ],
    )


def _times(name: str, held: int, *, with_bins: bool, rounds: int) -> dict[str, Value]:
    counts = closed_counts(held, severities=len(SEVERITIES), with_bins=with_bins)
    packed, plain = pack(counts), _plain(counts)
    text = json.dumps(plain)
    loops = {
        "unpack": lambda: unpack(packed),
        "pack": lambda: pack(counts),
        "loads": lambda: json.loads(text),
        "dumps": lambda: json.dumps(plain),
    }
    turns = take_turns(loops, rounds=rounds, repeat=_CALLS)
    return {
        "row": name,
        "cells": len(counts),
        "bins": sum(len(cell.bins) for _, cell in counts),
        "bytes": len(packed),
        "unpack": turns.microseconds("unpack"),
        "x loads": turns.ratio("unpack", "loads"),
        "pack": turns.microseconds("pack"),
        "x dumps": turns.ratio("pack", "dumps"),
    }


def _plain(counts: Counts) -> list[object]:
    return [[*key, cell.count, cell.total_ms, list(cell.bins.items())] for key, cell in counts]
