"""Rows and ledger entries larger than one item are split by tool and joined without loss."""

from collections.abc import Iterable

import pytest

from ingest.terms import Branch, Severity
from rollup.metrics.counts import CLOSED_OUTCOMES, COHORT_OUTCOMES, Cell, CellKey, Counts, Outcome
from rollup.metrics.histogram import EDGES_MS
from rollup.rows import parts
from rollup.rows.counts_codec import pack, unpack
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, packed_of, part_keys
from rollup.rows.parts import MAX_CELLS_BYTES, TornRowError

MAIN = {"repositoryName": {"S": "o/r"}, "period": {"S": "MONTH#2026-11"}, "revision": {"N": "7"}}


def dense(tools: Iterable[str], number: int = 300) -> Counts:
    """Return counts with every cell of these tools, and every bin of every closing."""
    bins = dict.fromkeys(range(len(EDGES_MS) + 1), number)
    total_ms = number * sum(EDGES_MS)
    return Counts(
        {
            CellKey(severity, branch, tool, outcome): (
                Cell(number * len(bins), total_ms, bins)
                if outcome in CLOSED_OUTCOMES | COHORT_OUTCOMES
                else Cell(number, number * 10**12)
            )
            for tool in tools
            for severity in Severity
            for branch in Branch
            for outcome in Outcome
        }
    )


def test_row_of_few_tools_is_one_item() -> None:
    counts = dense(["CodeQL"])
    (item,) = parts.items_of(MAIN, counts, keys=REPOSITORY.keys)
    assert "parts" not in item
    assert part_keys(REPOSITORY, item) == []
    assert parts.counts_of(item, ()) == counts


@pytest.mark.parametrize("number", [300, 100_000])
def test_row_of_many_dense_tools_is_split_and_joined_without_loss(number: int) -> None:
    counts = dense([f"tool {n}" for n in range(12)], number)
    item, *others = parts.items_of(MAIN, counts, keys=REPOSITORY.keys)
    assert len(others) == len(part_keys(REPOSITORY, item)) >= 1
    assert all(len(one["cells"]["B"]) <= MAX_CELLS_BYTES for one in (item, *others))
    assert part_keys(REPOSITORY, item) == [
        {"repositoryName": one["repositoryName"], "period": one["period"]} for one in others
    ]
    assert others[0]["period"] == {"S": "PART#MONTH#2026-11#01"}
    assert all(parts.is_part(one["period"]["S"]) for one in others)
    assert parts.counts_of(item, others[::-1]) == counts
    packed = packed_of(item, others)
    assert Counts.total(map(unpack, packed)) == counts


def test_period_keys_are_not_part_keys() -> None:
    assert not any(parts.is_part(period) for period in ("ALL", "DAY#2026-11-23", "MONTH#2026-11"))


def test_any_single_tool_fits_into_one_item() -> None:
    assert len(pack(dense(["\N{SNOWMAN}" * 100], 2**31))) < MAX_CELLS_BYTES


def test_missing_extra_or_newer_parts_raise() -> None:
    item, *others = parts.items_of(MAIN, dense("abcdefghijkl"), keys=REPOSITORY.keys)
    newer = [{**one, "revision": {"N": "8"}} for one in others]
    for torn in (others[1:], [*others, others[0]], newer, []):
        with pytest.raises(TornRowError):
            packed_of(item, torn)


def test_part_keys_use_the_key_attributes_of_the_level() -> None:
    item = {"organisationName": {"S": "o"}, "period": {"S": "ALL"}, "parts": {"N": "2"}}
    assert part_keys(ORGANISATION, item)[1] == {
        "organisationName": {"S": "o"},
        "period": {"S": "PART#ALL#02"},
    }
