"""Keys of periods are UTC days and months."""

from datetime import UTC, date, datetime

from rollup.metrics import period


def test_periods_are_utc_and_include_leap_days() -> None:
    leap = int(datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC).timestamp()) * 1_000
    assert period.periods_of(leap) == ("DAY#2028-02-29", "MONTH#2028-02", "ALL")
    assert period.periods_of(leap + 1_000)[0] == "DAY#2028-03-01"
    assert period.monthly_period("MONTH#2028-02") == "2028-02"
    assert period.monthly_period("ALL") is None
    assert period.first_day("MONTH#2028-02") == date(2028, 2, 1)
    assert period.first_day("DAY#2028-02-29") == date(2028, 2, 29)
    assert period.first_day("ALL") is None
    assert period.midnight_ms(date(1970, 1, 2)) == 86_400_000
    assert not period.has_histogram("ALL")
