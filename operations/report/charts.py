"""The charts of a report, as SVG, drawn by leather.

Owns the colours and the fonts. leather reads them from its module `theme`.
"""

from collections.abc import Sequence

import leather
from leather import theme

from operations.report.figures import Figures

_WIDTH, _HEIGHT = 920, 260
_MOST_TICKS = 13
_OPENED, _CLOSED = "#b45309", "#1d4ed8"
_MEDIAN, _P90 = "#1d4ed8", "#93c5fd"
_FONT = "system-ui, sans-serif"

theme.background_color = "none"
theme.margin = 0.02
theme.legend_font_family = _FONT
theme.legend_font_size = 12
theme.legend_color = "#555"
theme.tick_font_family = _FONT
theme.tick_font_size = 12
theme.label_color = "#555"
theme.tick_color = "#e5e5e5"


def opened_and_closed(figures: Figures) -> str | None:
    """Return the chart of the alerts opened and closed by week; None if it would be empty."""
    if len(figures.weeks) < 2 or not (figures.total.opened or figures.total.closed):
        return None
    chart = leather.Chart()
    opened, closed = ([one.opened for one in figures.weeks], [one.closed for one in figures.weeks])
    chart.add_line(_line(opened), name="Opened", stroke_color=_OPENED)
    chart.add_line(_line(closed), name="Closed", stroke_color=_CLOSED)
    return _drawn(chart, figures)


def times(figures: Figures) -> str | None:
    """Return the chart of the time to remediate by week; None if it would be empty."""
    medians, p90s = (
        _line([one.median for one in figures.weeks]),
        _line([one.p90 for one in figures.weeks]),
    )
    if len(medians) < 2:
        return None
    chart = leather.Chart()
    chart.add_line(p90s, name="90th percentile", stroke_color=_P90)
    chart.add_line(medians, name="Median", stroke_color=_MEDIAN)
    return _drawn(chart, figures)


def _line(values: Sequence[float | None]) -> list[tuple[float, float]]:
    """Return the points of a line: the position of each week, and its value."""
    return [
        (_position(week, len(values)), value)
        for week, value in enumerate(values)
        if value is not None
    ]


def _position(week: int, weeks: int) -> float:
    """Return where a week is on the axis: 0 to 100, since leather rounds the ends of a scale."""
    return 100 * week / (weeks - 1)


def _drawn(chart: leather.Chart, figures: Figures) -> str:
    weeks = figures.weeks
    shown = range(0, len(weeks), -(-len(weeks) // _MOST_TICKS))
    days = {_position(week, len(weeks)): f"{weeks[week].start:%m-%d}" for week in shown}
    chart.add_x_scale(0, 100)
    chart.add_x_axis(ticks=list(days), tick_formatter=lambda position, *_: days[position])
    svg: str = chart.to_svg(width=_WIDTH, height=_HEIGHT)
    return svg[svg.index("<svg") :]
