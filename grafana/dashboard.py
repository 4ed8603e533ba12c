"""The dashboard: its variables, and its panels in rows of a grid of 24 columns."""

from collections.abc import Iterable

from grafana.panels.cards import cards
from grafana.panels.charts import charts
from grafana.panels.panel import Json, Panel
from grafana.panels.tables import tables
from grafana.variables import UID, dashboard_variables

COLUMNS = 24
_SCHEMA_VERSION = 41
"""The version of the form of dashboards in Grafana 11.6. Newer versions of Grafana migrate it."""


def dashboard() -> Json:
    """Return the dashboard as Grafana imports it."""
    return {
        "uid": UID,
        "title": "Code scanning: time to remediate",
        "description": "How fast code scanning alerts are remediated, and what is overdue.",
        "tags": ["gcsmttr", "security"],
        "schemaVersion": _SCHEMA_VERSION,
        "editable": True,
        "graphTooltip": 1,
        # Days of the API are UTC days.
        "timezone": "utc",
        "weekStart": "monday",
        "time": {"from": "now-89d", "to": "now"},
        "refresh": "",
        "templating": {"list": dashboard_variables()},
        "annotations": {"list": []},
        "links": [],
        "panels": in_rows([*cards(), *charts(), *tables()]),
    }


def in_rows(panels: Iterable[Panel]) -> list[Json]:
    """Place panels from left to right. A panel that does not fit starts the next row."""
    placed: list[Json] = []
    x = y = height = 0
    for id_, panel in enumerate(panels, start=1):
        if x + panel.width > COLUMNS:
            x, y, height = 0, y + height, 0
        placed.append(panel.as_json(id_=id_, x=x, y=y))
        x, height = x + panel.width, max(height, panel.height)
    return placed
