"""Sizes and capacity units, computed by hand from DynamoDB's documentation."""

from typing import Any

import pytest

from bench.dynamodb_tables import LEDGER, ORGANISATION_OVERVIEW, REPOSITORY_OVERVIEW, SPECS
from bench.item_size import item_bytes, read_units, value_bytes, write_units


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "naïve"}, 6),
        ({"B": b"\x00\x01\x02"}, 3),
        ({"N": "0"}, 1),
        ({"N": "12"}, 2),
        ({"N": "-123"}, 4),
        ({"N": "1200"}, 2),
        ({"N": "1.5"}, 2),
        ({"N": "1767225600000"}, 5),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"N": "7"}]}, 3 + 1 + 2 + 1 + 2),
        ({"M": {"key": {"S": "ab"}}}, 3 + 1 + 3 + 2),
        ({"SS": ["ab", "c"]}, 3),
        ({"NS": ["12", "7"]}, 4),
        ({"BS": [b"ab"]}, 2),
    ],
)
def test_value_has_documented_size(value: dict[str, Any], size: int) -> None:
    assert value_bytes(value) == size


def test_item_size_is_sum_of_names_and_values() -> None:
    assert item_bytes({"name": {"S": "octo"}, "ü": {"N": "7"}}) == 4 + 4 + 2 + 2
    with pytest.raises(ValueError, match="Unknown type of value: X"):
        item_bytes({"name": {"X": "octo"}})


def test_write_unit_is_one_kilobyte_and_read_unit_four() -> None:
    assert [write_units(size) for size in (0, 1, 1_024, 1_025)] == [1, 1, 1, 2]
    assert [read_units(size, consistent=True) for size in (0, 4_096, 4_097)] == [1, 1, 2]
    assert [read_units(size, consistent=False) for size in (0, 4_096, 4_097)] == [0.5, 0.5, 1]


def row(**attributes: str) -> dict[str, Any]:
    keys = {"repositoryName": {"S": "octo/cat"}, "period": {"S": "MONTH#2026-11"}}
    return {**keys, **{name: {"S": text} for name, text in attributes.items()}}


def test_transaction_costs_twice_for_table_and_once_for_changed_index() -> None:
    spec = SPECS[REPOSITORY_OVERVIEW]
    month = row(organisationName="octo", monthlyPeriod="2026-11", cells="x")
    day = row(organisationName="octo", cells="x")
    assert spec.units(None, month, transactional=True) == 2 + 1 + 1 + 1
    assert spec.units(None, month, transactional=False) == 1 + 1 + 1 + 1
    assert spec.units(None, day, transactional=True) == 2 + 1 + 1
    assert spec.units(month, month, transactional=True) == 2
    assert SPECS[LEDGER].units(None, day, transactional=True) == 2


def test_write_costs_larger_of_old_and_new_item() -> None:
    spec = SPECS[REPOSITORY_OVERVIEW]
    small, large = row(organisationName="octo"), row(organisationName="octo", cells="x" * 1_500)
    assert spec.units(large, small, transactional=True) == 2 * 2 + 2


def test_changed_index_key_costs_deletion_and_put() -> None:
    spec = SPECS[REPOSITORY_OVERVIEW]
    before, after = row(organisationName="old"), row(organisationName="new")
    assert spec.units(before, after, transactional=False) == 1 + 2 + 2


def test_index_of_keys_is_not_written_when_other_attributes_change() -> None:
    spec = SPECS[ORGANISATION_OVERVIEW]
    keys = {"organisationName": {"S": "octo"}, "period": {"S": "ALL"}, "listed": {"S": "y"}}
    before, after = {**keys, "cells": {"B": b"1"}}, {**keys, "cells": {"B": b"2"}}
    assert spec.units(None, before, transactional=True) == 2 + 1
    assert spec.units(before, after, transactional=True) == 2
