"""Queries of the Infinity data source (`yesoreyeram-infinity-datasource`).

The fields are those of `src/types/query.types.ts` in version 3.11.1 of the plugin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

PLUGIN = "yesoreyeram-infinity-datasource"

ColumnType = Literal["string", "number", "timestamp"]
Format = Literal["table", "timeseries"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a frame: the field of each selected object, its title and its type."""

    selector: str
    text: str
    type: ColumnType = "number"

    def as_json(self) -> dict[str, object]:
        """Return the column as the plugin stores it."""
        return {"selector": self.selector, "text": self.text, "type": self.type}


def query(
    *,
    document: str,
    variables: str,
    root: str,
    columns: Sequence[Column],
    format_: Format = "table",
) -> dict[str, object]:
    """Return a query for the address of the data source.

    `root` is evaluated by the plugin. It tries a GJSON path first, then JSONata. A plain path, such
    as `data.organisation.window`, means the same in both. `variables` is JSON after Grafana has
    replaced the variables of the dashboard in it.
    """
    return {
        "refId": "A",
        "type": "graphql",
        "source": "url",
        "parser": "backend",
        "format": format_,
        "url": "",
        "url_options": {
            "method": "POST",
            "data": "",
            "body_type": "graphql",
            "body_content_type": "application/json",
            "body_graphql_query": document,
            "body_graphql_variables": variables,
        },
        "root_selector": root,
        "columns": [column.as_json() for column in columns],
        "filters": [],
        "computed_columns": [],
    }
