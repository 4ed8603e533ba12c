"""Every panel of the Grafana dashboard, asked as Grafana and its data source ask it."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from tests.support.grafana.checks import (
    TABLES,
    check_cards,
    check_overdue_alerts,
    check_series,
    check_table,
)
from tests.support.grafana.panels import INTERVALS, PANELS, SEVERITIES, VARIABLES, Viewer

CHOICES = ((), ("HIGH", "LOW"))
"""All severities, and two of them."""

each_choice = pytest.mark.parametrize("severities", CHOICES, ids=lambda one: "+".join(one) or "all")


def test_every_panel_is_checked() -> None:
    others = {title for title, panel in PANELS.items() if panel["type"] in {"stat", "timeseries"}}
    assert {*TABLES, *others, "Overdue alerts"} == set(PANELS)


@each_choice
def test_cards_show_the_numbers_of_the_api(viewer: Viewer, severities: tuple[str, ...]) -> None:
    shown = check_cards(replace(viewer, severities=severities))
    assert None not in shown.values()


@pytest.mark.parametrize(("interval", "severities"), [*product(INTERVALS, CHOICES)])
def test_series_ascend_without_gaps(
    viewer: Viewer, interval: str, severities: tuple[str, ...]
) -> None:
    frames = check_series(replace(viewer, interval=interval, severities=severities))
    assert sum(frames["Opened and closed"]["Opened"]) > 0
    by_severity = frames["Open alerts by severity"]
    assert set(by_severity) - {"Time"} <= set(severities or SEVERITIES)
    assert all(None not in values for values in by_severity.values())


@pytest.mark.parametrize("title", TABLES)
@each_choice
def test_tables_show_the_rows_of_the_api(
    viewer: Viewer, title: str, severities: tuple[str, ...]
) -> None:
    assert any(check_table(replace(viewer, severities=severities), title).values())


@each_choice
def test_overdue_alerts_have_links(viewer: Viewer, severities: tuple[str, ...]) -> None:
    assert check_overdue_alerts(replace(viewer, severities=severities))["Alert"]


def test_single_severity(viewer: Viewer) -> None:
    critical = replace(viewer, severities=("CRITICAL",))
    assert set(check_series(critical)["Open alerts by severity"]) == {"Time", "CRITICAL"}
    check_cards(critical)


def test_variable_lists_the_organisations_of_the_key(viewer: Viewer) -> None:
    query = VARIABLES["organisation"]["query"]["infinityQuery"]
    assert viewer.frame_of(query) == {"name": [viewer.organisation]}


def test_time_range_that_ends_in_the_future(viewer: Viewer) -> None:
    later = replace(viewer, end=viewer.end + timedelta(days=20))
    check_cards(later)
    for panel in PANELS.values():
        later.frame(panel)


def test_window_without_alerts_is_zeros(viewer: Viewer) -> None:
    before = viewer.start - timedelta(days=2_000)
    early = replace(viewer, start=before, end=before + timedelta(days=30), interval="DAY")
    frames = check_series(early)
    assert set(frames["Opened and closed"]["Opened"]) == {0}
    assert check_cards(early)["Closed in time"] is None
