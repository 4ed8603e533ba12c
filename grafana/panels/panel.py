"""A panel: its query, and how Grafana shows the answer. It has no position yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from grafana.documents import document_of, variables_of
from grafana.infinity import Column, Format, query
from grafana.variables import DATA_SOURCE, request_variables

Json = dict[str, object]
Kind = Literal["stat", "timeseries", "barchart", "table"]

DAYS, PERCENT, COUNT = "d", "percentunit", "locale"
"""Units of Grafana. The API returns days, and shares from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a panel shows: a GraphQL fragment, the selector of its rows, and their columns."""

    fragment: str
    root: str
    columns: Sequence[Column]
    format_: Format = "table"

    def as_json(self) -> Json:
        """Return the query of the panel."""
        document = document_of(self.fragment)
        return query(
            document=document,
            variables=request_variables(variables_of(document)),
            root=self.root,
            columns=self.columns,
            format_=self.format_,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel. Its width is in columns of the grid."""

    title: str
    description: str
    kind: Kind
    source: Source
    width: int
    height: int
    options: Json = field(default_factory=dict)
    defaults: Json = field(default_factory=dict)
    overrides: Sequence[Json] = ()
    transformations: Sequence[Json] = ()

    def as_json(self, *, id_: int, x: int, y: int) -> Json:
        """Return the panel of the dashboard at a position of its grid."""
        return {
            "id": id_,
            "type": self.kind,
            "title": self.title,
            "description": self.description,
            "datasource": DATA_SOURCE,
            "gridPos": {"x": x, "y": y, "w": self.width, "h": self.height},
            "targets": [self.source.as_json() | {"datasource": DATA_SOURCE}],
            "options": self.options,
            "fieldConfig": {"defaults": self.defaults, "overrides": list(self.overrides)},
            "transformations": list(self.transformations),
        }


def override(name: str, **properties: object) -> Json:
    """Return what differs for the field with a name. `__` in a property stands for a dot."""
    return _override({"id": "byName", "options": name}, properties)


def override_series(label: str, **properties: object) -> Json:
    """Return what differs for the series whose name contains a label."""
    return _override({"id": "byRegexp", "options": rf"/\b{label}\b/"}, properties)


def fixed(colour: str) -> Json:
    """Return the setting of one colour."""
    return {"mode": "fixed", "fixedColor": colour}


def in_order(*columns: str) -> Json:
    """Return the transformation to an order of columns. The plugin sorts them by their names."""
    order = {name: position for position, name in enumerate(columns)}
    options = {"indexByName": order, "excludeByName": {}, "renameByName": {}}
    return {"id": "organize", "options": options}


def _override(matcher: Json, properties: dict[str, object]) -> Json:
    listed = [{"id": id_.replace("__", "."), "value": value} for id_, value in properties.items()]
    return {"matcher": matcher, "properties": listed}
