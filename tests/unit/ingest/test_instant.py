"""Times: only RFC 3339 is read, and one form is written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import instant

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda m: timezone(timedelta(minutes=m)))
FIRST, LAST = (datetime.fromisoformat(text) for text in ("2000-01-03", "2999-12-28"))
TIMES = st.datetimes(FIRST, LAST, timezones=OFFSETS)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00.000Z"),
        ("2026-11-23t09:00:00z", "2026-11-23T09:00:00.000Z"),
        ("2026-11-23T09:00:00.5Z", "2026-11-23T09:00:00.500Z"),
        ("2026-11-23T09:00:00.123456789Z", "2026-11-23T09:00:00.123Z"),
        ("2026-11-23T00:30:00+01:00", "2026-11-22T23:30:00.000Z"),
        ("2026-11-23T09:00:00-00:00", "2026-11-23T09:00:00.000Z"),
    ],
)
def test_rfc_3339_time_is_read_in_utc(text: str, same: str) -> None:
    assert instant.to_text(instant.from_text(text)) == same


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T09:00:00",
        "2026-11-23 09:00:00Z",
        "20261123T090000Z",
        "2026-W47-1T09:00:00Z",
        "2026-11-23T09:00:00.Z",
        "2026-11-23T09:00:00+0100",
        "2026-11-23T09:00:00Z\n",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-23T24:00:01Z",
        "2026-11-23T09:00:60Z",
        "2026-11-23T09:00:00+24:00",
        "٢٠٢٦-11-23T09:00:00Z",
        "0001-01-01T00:00:00+23:00",
        "1999-12-31T23:59:59Z",
        "3000-01-01T00:00:00Z",
    ],
)
def test_text_that_is_not_rfc_3339_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instant.parse(text)


@given(TIMES)
def test_written_time_is_read_back_to_millisecond(at: datetime) -> None:
    text = instant.to_text(instant.to_ms(at))
    assert instant.parse(text) == instant.cut(at)
    assert instant.parse(at.isoformat()) == instant.cut(at)
    assert timedelta() <= at - instant.cut(at) < timedelta(milliseconds=1)


@given(TIMES, TIMES)
def test_texts_sort_like_times(one: datetime, other: datetime) -> None:
    one_ms, other_ms = instant.to_ms(one), instant.to_ms(other)
    assert (one_ms < other_ms) == (instant.to_text(one_ms) < instant.to_text(other_ms))
    assert instant.cut(one).tzinfo is UTC
