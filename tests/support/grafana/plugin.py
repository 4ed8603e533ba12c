"""What the Infinity data source does with a query: the request, and the frame of its answer.

The steps are those of the plugin's backend (`pkg/infinity/client.go`, `jsonframer.go`, `gframer.go`
and `postprocess.go`). The npm package jsonata evaluates the selectors.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.support.grafana.interpolation import Value, interpolated
from tests.support.paths import ROOT

HEADERS = {
    "accept": "application/json;q=0.9,text/plain",
    "accept-encoding": "gzip",
    "content-type": "application/json",
}
"""The headers of each query, beside the key (`pkg/infinity/headers.go`)."""

Frame = dict[str, list[Any]]
"""The values of each field, by its name."""


def request_of(query: Mapping[str, Any], variables: Mapping[str, Value]) -> dict[str, Any]:
    """Return the body of the request that the plugin sends."""
    options = query["url_options"]
    assert (options["method"], options["body_type"]) == ("POST", "graphql")
    return {
        "query": interpolated(options["body_graphql_query"], variables),
        "variables": json.loads(interpolated(options["body_graphql_variables"], variables)),
    }


def frame_of(
    query: Mapping[str, Any], answer: Mapping[str, Any], variables: Mapping[str, Value]
) -> Frame:
    """Return the frame that the plugin makes of the API's answer."""
    selected = evaluated(interpolated(query["root_selector"], variables), answer)
    if not query["columns"]:
        return {query["refId"]: [selected]}
    rows = selected if isinstance(selected, list) else [selected]
    columns = sorted(query["columns"], key=lambda column: column["text"])
    frame = {
        column["text"]: [_typed(row.get(column["selector"]), column["type"]) for row in rows]
        for column in columns
    }
    is_long = any(column["type"] == "string" for column in columns)
    return _wide(frame, columns) if query["format"] == "timeseries" and is_long else frame


def evaluated(selector: str, answer: Mapping[str, Any]) -> Any:
    """Return the result of a selector."""
    done = subprocess.run(
        ["node", str(ROOT / "tests" / "support" / "grafana" / "roots.mjs")],
        input=json.dumps([[selector, answer]]),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)[0]


def _typed(value: Any, type_: str) -> Any:
    """Return a value of a column. A value of another type is null, as in the plugin."""
    if type_ == "timestamp":
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    if type_ == "number":
        return float(value) if isinstance(value, int | float) else None
    return value if isinstance(value, str) else None


def _wide(frame: Frame, columns: Sequence[Mapping[str, Any]]) -> Frame:
    """Return one field for each text, as `LongToWide` does. Times must ascend."""
    (time,) = (one["text"] for one in columns if one["type"] == "timestamp")
    (text,) = (one["text"] for one in columns if one["type"] == "string")
    (number,) = (one["text"] for one in columns if one["type"] == "number")
    assert frame[time] == sorted(frame[time])
    times = sorted(set(frame[time]))
    found = {
        (at, label): value
        for at, label, value in zip(frame[time], frame[text], frame[number], strict=True)
    }
    labels = list(dict.fromkeys(frame[text]))
    return {time: times} | {label: [found.get((at, label)) for at in times] for label in labels}
