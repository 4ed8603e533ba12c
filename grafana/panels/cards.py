"""The cards at the top: one number each."""

from grafana.infinity import Column
from grafana.panels.panel import COUNT, DAYS, PERCENT, Panel, Source

_OPTIONS: dict[str, object] = {
    "colorMode": "none",
    "graphMode": "none",
    "justifyMode": "auto",
    "orientation": "auto",
    "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
    "textMode": "value",
}
_SUM = "$sum(data.organisation.levels"


def cards() -> list[Panel]:
    """Return the cards, in their order."""
    return [
        _of_window("Median time to remediate", "median", DAYS, _CLOSED + "Half took at most this."),
        _of_window("p90 time to remediate", "p90", DAYS, _CLOSED + "90 % took at most this."),
        _of_window("Open", "openAtEnd", COUNT, "The alerts open at the end of the time range."),
        _card(
            "Overdue",
            COUNT,
            "The alerts that are open now and past their due date, whatever the time range is.",
            Source("Overdue", "data.organisation.now", [Column("overdue", "Overdue")]),
        ),
        _card(
            "Closed in time",
            PERCENT,
            "Of the alerts that were due in the time range, the share closed by their due date.",
            # The API has a row for each severity. The result is one number, without columns.
            Source("ServiceLevels", f"{_SUM}.due) > 0 ? {_SUM}.met) / {_SUM}.due) : null", []),
        ),
        _of_window("Net", "net", COUNT, "Opened minus closed in the time range."),
    ]


_CLOSED = "Of the alerts closed in the time range, from their creation to their closing. "


def _of_window(title: str, field: str, unit: str, description: str) -> Panel:
    return _card(
        title,
        unit,
        description,
        Source("Window", "data.organisation.window", [Column(field, title)]),
    )


def _card(title: str, unit: str, description: str, source: Source) -> Panel:
    return Panel(
        title=title,
        description=description,
        kind="stat",
        source=source,
        width=4,
        height=4,
        options=_OPTIONS,
        defaults={"unit": unit, "decimals": 0 if unit == COUNT else 1, "noValue": "-"},
    )
