"""The vocabulary: months, timestamps, ids, and descriptions of enums."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.vocabulary.enums import _describe
from graphql_api.vocabulary.errors import BadMonthError
from graphql_api.vocabulary.ids import alert_id, overview_id
from graphql_api.vocabulary.month import MONTH_NAMES, canonical_month, month_name
from graphql_api.vocabulary.scalars import parse_datetime, print_datetime
from rollup.rows.overview_row import ORGANISATION, REPOSITORY


@given(st.integers(1, 9999), st.integers(1, 12))
def test_both_forms_of_a_month_are_equal(year: int, number: int) -> None:
    canonical = f"{year:04}-{number:02}"
    assert canonical_month(canonical) == canonical
    assert canonical_month(f"{year:04}-{month_name(canonical[5:])}") == canonical
    assert canonical_month(f"{year:04}-{MONTH_NAMES[number - 1].lower()}") == canonical


@given(st.text())
def test_canonical_month_is_stable(text: str) -> None:
    try:
        month = canonical_month(text)
    except BadMonthError:
        return
    assert canonical_month(month) == month


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00.000Z"),
        ("2026-11-23T09:00:00.5Z", "2026-11-23T09:00:00.500Z"),
        ("2026-11-23T09:00:00.123456Z", "2026-11-23T09:00:00.123Z"),
    ],
)
def test_timestamp_has_milliseconds_and_z(text: str, printed: str) -> None:
    assert print_datetime(parse_datetime(text)) == printed


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-23", "2026-11-23T09:00:00", "2026-11-23T09:00:00+00:00", "20261123T090000Z"),
        *("2026-W01-1T09:00:00Z", "2026-02-30T09:00:00Z", "", 5, None),
    ],
)
def test_invalid_timestamp_is_rejected(text: object) -> None:
    with pytest.raises(ValueError, match=r"DateTime|day"):
        parse_datetime(text)


@given(st.text())
def test_random_text_is_parsed_as_id_without_error(text: str) -> None:
    alert_id(text)
    for level in (REPOSITORY, ORGANISATION):
        overview_id(level, text)


def test_overview_id_accepts_both_forms_of_month() -> None:
    assert overview_id(REPOSITORY, "2026-November/octo/cat") == ("2026-11", "octo/cat")
    assert overview_id(ORGANISATION, "2026-November/octo") == ("2026-11", "octo")
    assert overview_id(ORGANISATION, "2026-11/octo/cat") is None
    assert overview_id(ORGANISATION, "2026-11/" + "x" * 101) is None


def test_enum_values_and_descriptions_must_match() -> None:
    class Colour(StrEnum):
        RED = "RED"

    with pytest.raises(KeyError):
        _describe(Colour, description="A colour.")
    with pytest.raises(LookupError):
        _describe(Colour, description="A colour.", RED="Red.", BLUE="Blue.")
