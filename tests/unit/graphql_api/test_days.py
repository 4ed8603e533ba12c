"""The scalar Day: each form, the range variables of Grafana, and the error messages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.vocabulary.days import Day, first_day, last_day, parse_day, window_of
from graphql_api.vocabulary.errors import BadDateError
from tests.support.graphql_api.deployment import Deployment, deployed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACCEPTED = (
    "Write a day such as 2026-11-23, a timestamp such as 2026-11-23T09:00:00Z or 1795424400000, or "
    "a time relative to now such as now, now-30d, now-24h, now/w or now-1M/M."
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11-23", "2026-11-23", "2026-11-23"),
        ("now", "2026-11-24", "2026-11-24"),
        ("now/d", "2026-11-24", "2026-11-24"),
        ("now-30d", "2026-10-25", "2026-10-25"),
        ("now+1w", "2026-12-01", "2026-12-01"),
        ("now/w", "2026-11-23", "2026-11-29"),
        ("now-1w/w", "2026-11-16", "2026-11-22"),
        ("now/M", "2026-11-01", "2026-11-30"),
        ("now-1M/M", "2026-10-01", "2026-10-31"),
        ("now-9M", "2026-02-24", "2026-02-24"),
        ("now/Q", "2026-10-01", "2026-12-31"),
        ("now-1Q/Q", "2026-07-01", "2026-09-30"),
        ("now/y", "2026-01-01", "2026-12-31"),
        ("now-1y/y", "2025-01-01", "2025-12-31"),
        ("now/M-1d", "2026-10-31", "2026-11-29"),
        ("now-0d", "2026-11-24", "2026-11-24"),
        # Hours, minutes and seconds: the day of the resulting time.
        ("now-5m", "2026-11-24", "2026-11-24"),
        ("now-12h", "2026-11-24", "2026-11-24"),
        ("now-24h", "2026-11-23", "2026-11-23"),
        ("now-43201s", "2026-11-23", "2026-11-23"),
        ("now-12h-1m/h", "2026-11-23", "2026-11-23"),
        ("now+12h-1s/m", "2026-11-24", "2026-11-24"),
        ("now/d-6h", "2026-11-23", "2026-11-24"),
        ("now/h-12h", "2026-11-24", "2026-11-24"),
        # Timestamps: their UTC day.
        ("2026-11-23T23:59:59.999Z", "2026-11-23", "2026-11-23"),
        ("2026-11-23t23:30:00z", "2026-11-23", "2026-11-23"),
        ("2026-11-23T23:30:00-05:00", "2026-11-24", "2026-11-24"),
        ("2026-11-23T00:30:00.123456789+02:00", "2026-11-22", "2026-11-22"),
        ("1795424400000", "2026-11-23", "2026-11-23"),
    ],
)
def test_from_rounds_down_and_to_rounds_up(text: str, first: str, last: str) -> None:
    day = parse_day(text)
    assert first_day(day, now=NOW).isoformat() == first
    assert last_day(day, now=NOW).isoformat() == last


def test_milliseconds_can_be_a_number() -> None:
    assert first_day(parse_day(1_795_424_400_000), now=NOW) == date(2026, 11, 23)


INSTANTS = st.datetimes(
    datetime(2000, 1, 2),  # noqa: DTZ001
    datetime(2999, 12, 30),  # noqa: DTZ001
    timezones=st.integers(-1_439, 1_439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(INSTANTS)
def test_grafana_range_variables_mean_their_utc_day(at: datetime) -> None:
    day = at.astimezone(UTC).date()
    timestamp = at.isoformat(timespec="milliseconds")
    epoch_ms = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    for text in (timestamp, str(epoch_ms)):
        assert first_day(parse_day(text), now=NOW) == day
        assert last_day(parse_day(text), now=NOW) == day


@given(
    st.datetimes(
        datetime(2020, 1, 1),  # noqa: DTZ001
        datetime(2030, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    st.integers(0, 99_999),
    st.sampled_from([("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400), ("w", 604_800)]),
    st.sampled_from("+-"),
)
def test_fixed_offsets_lead_to_day_of_resulting_time(
    now: datetime, number: int, unit: tuple[str, int], sign: str
) -> None:
    step = timedelta(seconds=number * unit[1])
    at = now - step if sign == "-" else now + step
    text = f"now{sign}{number}{unit[0]}"
    if 2000 <= at.year <= 2999:
        assert first_day(parse_day(text), now=now) == at.date()
    else:
        with pytest.raises(BadDateError, match="outside the accepted years"):
            first_day(parse_day(text), now=now)


@given(st.sampled_from("smhdwMQy"), st.integers(0, 900))
def test_rounded_window_contains_rounded_day(unit: str, days: int) -> None:
    text = Day(f"now-{days}d/{unit}")
    window = window_of(text, text, now=NOW)
    assert window.first <= NOW.date() - timedelta(days=days) <= window.last


@pytest.mark.parametrize(
    "text",
    [
        *("", "now-", "now-1", "now-1H", "now/S", "now/W", "Now", "now -1d", "now-1d ", "now/fQ"),
        *("20260101", "2026-W01-1", "2026-1-1", "2026-02-30", "1999-12-31", "3000-01-01"),
        "\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661",
        *(
            "2026-11-23T09:00",
            "2026-11-23 09:00:00Z",
            "2026-11-23T09:00:00",
            "2026-11-23T24:00:00Z",
        ),
        *("2026-02-30T09:00:00Z", "1999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"),
        *("1795424400", "17954244000000000", "-1795424400000", "99999999999999", "946684799999"),
        *("now-9999999d", "now" + "-1d" * 30, 5, -1, 1.5, None, True, 10**30),
    ],
)
def test_invalid_values_are_rejected(text: object) -> None:
    with pytest.raises(BadDateError):
        parse_day(text)


def test_window_outside_accepted_years_is_rejected() -> None:
    for first, last in (("now-999999y", "now"), ("now", "now+999999M"), ("now-999999d", "now")):
        with pytest.raises(BadDateError, match="outside the accepted years, 2000 to 2999"):
            window_of(Day(first), Day(last), now=NOW)


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        yield deployment


def message(deployment: Deployment, query: str, **variables: object) -> str:
    response = deployment.ask(query, **variables)
    assert response.reasons == ["bad_date"]
    return str(response.json["errors"][0]["message"])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            'from: "2026-02-30"',
            f'from: "2026-02-30" is not a day in the years 2000 to 2999. {ACCEPTED}',
        ),
        ('from: "now", to: "tomorrow"', f'to: "tomorrow" is not a Day. {ACCEPTED}'),
        ("interval: DAY, from: 5", f'from: "5" is not a Day. {ACCEPTED}'),
        (f'from: "{"x" * 1_000}"', f'from: "{"x" * 100}…" is not a Day. {ACCEPTED}'),
        ("to: {day: 1}", f"to: \"{{'day': 1}}\" is not a Day. {ACCEPTED}"),
        (
            'from: "now-999999y"',
            'from: "now-999999y" is outside the accepted years, 2000 to 2999.',
        ),
        (
            'from: "now", to: "now-1d"',
            'from must not be after to: "now" is 2026-11-24, "now-1d" is 2026-11-23.',
        ),
    ],
)
def test_error_names_argument_value_and_accepted_forms(
    octo: Deployment, arguments: str, expected: str
) -> None:
    query = f'{{ organisation(name: "octo") {{ metrics({arguments}) {{ closed }} }} }}'
    assert message(octo, query) == expected


def test_error_in_variable_names_variable(octo: Deployment) -> None:
    query = """query ($since: Day!) { organisation(name: "octo") {
      metrics(from: $since) { closed } } }"""
    assert message(octo, query, since="20260101") == f'$since: "20260101" is not a Day. {ACCEPTED}'
    assert message(octo, query, since="2026-W01-1").startswith("$since: ")
    assert len(octo.ask(query, since="now/y").data["organisation"]["metrics"]) == 11
    default = query.replace("Day!", 'Day! = "never"')
    assert message(octo, default) == f'$since: "never" is not a Day. {ACCEPTED}'


def test_grafana_variables_work_inside_query(octo: Deployment) -> None:
    for first, last in (
        ('"2026-11-22T18:00:00.000Z"', '"2026-11-24T18:00:00.000Z"'),
        ('"1795370400000"', '"1795543200000"'),
        ("1795370400000", "1795543200000"),
        ('"now-42h"', '"now"'),
    ):
        query = f"""{{ organisation(name: "octo") {{
          metrics(from: {first}, to: {last}, interval: DAY) {{ periodStart }} }} }}"""
        rows = octo.ask(query).data["organisation"]["metrics"]
        assert [row["periodStart"][:10] for row in rows] == [
            "2026-11-22",
            "2026-11-23",
            "2026-11-24",
        ]
