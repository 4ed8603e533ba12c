"""The charts: numbers over time, by month of creation, and by age."""

from grafana.colours import colour, severity_colours
from grafana.infinity import Column
from grafana.panels.panel import (
    COUNT,
    DAYS,
    PERCENT,
    Json,
    Panel,
    Source,
    fixed,
    in_order,
    override,
    override_series,
)

_SEVERITY = Column("group", "Severity", "string")
_START = Column("periodStart", "Time", "timestamp")
_LEGEND = {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": True}
_SERIES: Json = {"legend": _LEGEND, "tooltip": {"mode": "multi", "sort": "none"}}
_BARS: Json = _SERIES | {
    "orientation": "vertical",
    "stacking": "none",
    "showValue": "auto",
    "groupWidth": 0.8,
    "barWidth": 0.9,
    "fullHighlight": False,
    "xTickLabelRotation": 0,
    "xTickLabelMaxLength": 0,
}
_SHADES: Json = {"mode": "shades", "fixedColor": colour("accent")}
_ROOT = "data.organisation."


def charts() -> list[Panel]:
    """Return the charts, in their order."""
    return [_speed(), _flow(), _open_by_severity(), _ages(), _cohorts()]


def _series(fragment: str, rows: str, *columns: Column) -> Source:
    """Return rows over time. The plugin makes one series of each number and text."""
    return Source(fragment, _ROOT + rows, [_START, *columns], "timeseries")


def _speed() -> Panel:
    return Panel(
        title="Time to remediate",
        description=(
            "From the creation of an alert to its closing, for the alerts closed in each interval."
            " 90 % took at most the time of p90. An interval without closings is a gap."
        ),
        kind="timeseries",
        source=Source(
            "Speed",
            _ROOT + "series",
            [_START, Column("median", "Median"), Column("p90", "p90")],
            "timeseries",
        ),
        width=12,
        height=8,
        options=_SERIES,
        defaults={
            "unit": DAYS,
            "decimals": 1,
            "min": 0,
            "custom": {"drawStyle": "line", "lineWidth": 2, "showPoints": "always"},
        },
        overrides=[
            override("Median", color=fixed(colour("accent"))),
            override("p90", color=fixed(colour("second"))),
        ],
    )


def _flow() -> Panel:
    return Panel(
        title="Opened and closed",
        description=(
            "The alerts created and closed in each interval. Where the closed bars are higher,"
            " the backlog shrinks."
        ),
        kind="timeseries",
        source=Source(
            "Flow",
            _ROOT + "series",
            [_START, Column("opened", "Opened"), Column("closed", "Closed")],
            "timeseries",
        ),
        width=12,
        height=8,
        options=_SERIES,
        defaults={
            "unit": COUNT,
            "min": 0,
            "custom": {"drawStyle": "bars", "fillOpacity": 60, "lineWidth": 1},
        },
        overrides=[
            override("Opened", color=fixed(colour("second"))),
            override("Closed", color=fixed(colour("accent"))),
        ],
    )


def _open_by_severity() -> Panel:
    return Panel(
        title="Open alerts by severity",
        description="The alerts open at the end of each interval.",
        kind="timeseries",
        # Grafana leaves the name Value out of the names of series.
        source=Source(
            "OpenBySeverity",
            _ROOT + "bySeverity",
            [_START, Column("group", "Severity", "string"), Column("openAtEnd", "Value")],
            "timeseries",
        ),
        width=12,
        height=8,
        options=_SERIES,
        defaults={
            "unit": COUNT,
            "min": 0,
            "custom": {
                "drawStyle": "line",
                "lineWidth": 1,
                "fillOpacity": 70,
                "showPoints": "never",
                "stacking": {"mode": "normal", "group": "A"},
            },
        },
        overrides=[
            override_series(severity, displayName=severity.capitalize(), color=fixed(shown))
            for severity, shown in severity_colours().items()
        ],
    )


def _ages() -> Panel:
    ages = {"open": "All", "over7": "> 7 d", "over30": "> 30 d", "over90": "> 90 d"}
    ages |= {"over180": "> 180 d", "over365": "> 365 d"}
    columns = [Column(field, text) for field, text in ages.items()]
    return Panel(
        title="Age of the open alerts",
        description=(
            "How many of the alerts that are open now were created longer ago than this,"
            " whatever the time range is."
        ),
        kind="barchart",
        source=Source("Ages", _ROOT + "ages", [_SEVERITY, *columns]),
        width=12,
        height=8,
        options=_BARS | {"xField": "Severity"},
        defaults={"unit": COUNT, "min": 0, "color": _SHADES}
        | {"custom": {"fillOpacity": 80, "lineWidth": 0}},
        transformations=[in_order("Severity", *ages.values())],
    )


def _cohorts() -> Panel:
    shares = {f"within{days}": f"within {days} days" for days in (7, 30, 90)}
    columns = [Column("periodStart", "Created in", "timestamp")]
    columns += [Column(field, text) for field, text in shares.items()]
    return Panel(
        title="Share closed, by month of creation",
        description=(
            "The alerts created in each of the last twelve months, whatever the time range is: the"
            " share closed within some days. Open alerts count, too. A share appears when its days"
            " have passed."
        ),
        kind="barchart",
        source=Source("Cohorts", _ROOT + "cohorts", columns),
        width=24,
        height=8,
        options=_BARS | {"xField": "Created in"},
        defaults={"unit": PERCENT, "min": 0, "max": 1}
        | {"custom": {"fillOpacity": 80, "lineWidth": 0}},
        overrides=[
            override("Created in", unit="time:YYYY-MM"),
            *(
                override(text, color=fixed(colour(field.replace("within", "cohort-"))))
                for field, text in shares.items()
            ),
        ],
        transformations=[in_order("Created in", *shares.values())],
    )
