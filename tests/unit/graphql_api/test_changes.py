"""The fields `change` and `before`: the earlier period, and the treatment of today."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.graphql_api.deployment import Deployment, alert, deployed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CREATED = {
    # The number of alerts by day.
    (2026, 11, 24): 7,
    (2026, 11, 23): 3,
    (2026, 11, 18): 4,
    (2026, 11, 17): 5,
    (2026, 11, 16): 2,
    (2026, 10, 24): 6,
    (2026, 10, 16): 7,
    (2026, 8, 23): 8,
    (2026, 8, 24): 9,
    (2025, 11, 23): 20,
    (2025, 11, 24): 1,
}


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        numbers = iter(range(1, 1_000))
        for day, many in CREATED.items():
            at = datetime(*day, 9, tzinfo=UTC)
            for _ in range(many):
                deployment.record(alert(next(numbers), created_at=at))
        deployment.roll_up()
        yield deployment


def rows(deployment: Deployment, arguments: str) -> list[Any]:
    query = f"""{{ organisation(name: "octo") {{ metrics({arguments}) {{
      opened change(of: OPENED) open: change(of: OPEN_AT_END) }} }} }}"""
    found = deployment.ask(query).data["organisation"]["metrics"]
    return [tuple(row.values()) for row in found]


@pytest.mark.parametrize("end", ["now", "now/w", "2026-11-29"])
def test_current_week_is_compared_with_same_days_of_last_week(octo: Deployment, end: str) -> None:
    """Monday: 3 after 2 on the last Monday. Open alerts: 72 after 58 at the end of last Tuesday."""
    for interval in ("TOTAL", "WEEK"):
        found = rows(octo, f'from: "now/w", to: "{end}", interval: {interval}')
        assert found == [(10, 0.5, pytest.approx(72 / 58 - 1, abs=5e-5))]


@pytest.mark.parametrize(
    ("start", "opened", "before", "open_before"),
    [
        # 14 up to yesterday, against 1 to 23 October. Open: all before the end of 24 October.
        ("now/M", 21, 7, 51),
        # 27 from October to yesterday, against 1 July to 23 August.
        ("now/Q", 34, 8, 38),
        # 44 of this year up to yesterday, against the same days of last year.
        ("now/y", 51, 20, 21),
    ],
)
def test_current_month_quarter_and_year_end_yesterday(
    octo: Deployment, start: str, opened: int, before: int, open_before: int
) -> None:
    (row,) = rows(octo, f'from: "{start}", interval: TOTAL')
    so_far = opened - 7
    assert row == (
        opened,
        pytest.approx(so_far / before - 1, abs=5e-5),
        pytest.approx(72 / open_before - 1, abs=5e-5),
    )


def test_today_is_compared_only_by_open_alerts(octo: Deployment) -> None:
    found = rows(octo, 'from: "now-1d", interval: DAY')
    # No alert was opened on the 22nd.
    assert found == [
        (3, None, pytest.approx(65 / 62 - 1, abs=5e-5)),
        (7, None, pytest.approx(72 / 65 - 1, abs=5e-5)),
    ]
    assert rows(octo, 'from: "now", interval: TOTAL')[0][1] is None
    assert rows(octo, 'from: "2026-11-17", to: "2026-11-17", interval: DAY')[0][1] == 1.5


def test_partial_week_is_compared_with_same_days(octo: Deployment) -> None:
    """Tuesday and Wednesday, 17 and 18 November, against 10 and 11 November with no alerts."""
    found = rows(octo, 'from: "2026-11-17", to: "2026-11-24", interval: WEEK')
    assert [row[:2] for row in found] == [(9, None), (10, 0.5)]


def test_partial_month_is_compared_with_same_days(octo: Deployment) -> None:
    """16 November to yesterday, against 16 to 23 October."""
    (row,) = rows(octo, 'from: "2026-11-16"')
    assert row[:2] == (21, 14 / 7 - 1)


def test_earlier_value_is_that_of_the_change(octo: Deployment) -> None:
    query = """{ organisation(name: "octo") { metrics(from: "now/M", interval: TOTAL) {
      opened before(of: OPENED) open: before(of: OPEN_AT_END) p90: before(of: P90_TIME_TO_REMEDIATE)
    } } }"""
    (row,) = octo.ask(query).data["organisation"]["metrics"]
    assert row == {"opened": 21, "before": 7, "open": 51, "p90": None}


def test_today_alone_has_no_earlier_value_except_open_alerts(octo: Deployment) -> None:
    query = """{ organisation(name: "octo") { metrics(from: "now", interval: TOTAL) {
      opened before(of: OPENED) closed: before(of: CLOSED) open: before(of: OPEN_AT_END) } } }"""
    (row,) = octo.ask(query).data["organisation"]["metrics"]
    assert row == {"opened": 7, "before": None, "closed": None, "open": 65}
