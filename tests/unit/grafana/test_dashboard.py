"""The dashboard: valid queries, a grid without overlaps, and settings that name what exists."""

import re
from itertools import combinations
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLEnumType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    parse,
    validate,
    visit,
)

from grafana.colours import severity_colours
from grafana.variables import DATA_SOURCE, UID
from tests.support.grafana.interpolation import names_in
from tests.support.grafana.panels import DASHBOARD, INTERVALS, PANELS, SEVERITIES, VARIABLES
from tests.support.paths import ROOT

SCHEMA = build_schema((ROOT / "schema.graphql").read_text())
TARGETS: dict[str, dict[str, Any]] = {
    **{title: panel["targets"][0] for title, panel in PANELS.items()},
    "variable organisation": VARIABLES["organisation"]["query"]["infinityQuery"],
}
GRAFANA = {"__from", "__to"}
"""Variables that Grafana itself has."""

each_target = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
each_panel = pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)


def test_titles_and_ids_are_unique() -> None:
    assert len(PANELS) == len(DASHBOARD["panels"])
    assert len({panel["id"] for panel in PANELS.values()}) == len(PANELS)


def test_panels_do_not_overlap_and_fill_the_grid() -> None:
    boxes = [panel["gridPos"] for panel in PANELS.values()]
    assert all(box["x"] >= 0 and box["x"] + box["w"] <= 24 for box in boxes)
    for one, other in combinations(boxes, 2):
        is_beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        is_below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert is_beside or is_below, (one, other)
    height = max(box["y"] + box["h"] for box in boxes)
    assert sum(box["w"] * box["h"] for box in boxes) == 24 * height


@each_panel
def test_panel_uses_the_data_source_of_the_variable(panel: dict[str, Any]) -> None:
    assert panel["datasource"] == panel["targets"][0]["datasource"] == DATA_SOURCE
    assert DATA_SOURCE["uid"] == "${datasource}"
    assert DASHBOARD["uid"] == UID


@each_panel
def test_panel_has_a_description(panel: dict[str, Any]) -> None:
    assert re.fullmatch(r"[A-Z].{20,}\.", panel["description"])


@each_target
def test_query_is_valid(target: dict[str, Any]) -> None:
    options = target["url_options"]
    assert validate(SCHEMA, parse(options["body_graphql_query"])) == []
    declared = set(re.findall(r"\$(\w+):", options["body_graphql_query"]))
    sent = set(re.findall(r'"(\w+)": (?!\[)', options["body_graphql_variables"]))
    assert declared - sent <= {"closedAs"}
    assert sent <= declared


@each_target
def test_grafana_replaces_only_its_own_variables(target: dict[str, Any]) -> None:
    options = target["url_options"]
    known = {*VARIABLES, *GRAFANA}
    assert names_in(options["body_graphql_variables"]) <= known
    for text in (options["body_graphql_query"], target["root_selector"]):
        assert not names_in(text) & known, text


@each_target
def test_columns_are_selected_fields(target: dict[str, Any]) -> None:
    selected: set[str] = set()
    types = TypeInfo(SCHEMA)

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            selected.add((node.alias or node.name).value)

    visit(parse(target["url_options"]["body_graphql_query"]), TypeInfoVisitor(types, Fields()))
    assert {column["selector"] for column in target["columns"]} <= selected
    assert set(re.findall(r"(?<=\.)\w+", target["root_selector"])) <= selected


@each_target
def test_selector_means_the_same_in_gjson_and_jsonata(target: dict[str, Any]) -> None:
    root = target["root_selector"]
    is_path = re.fullmatch(r"data(\.\w+)+", root)
    # GJSON does not find this, so the plugin evaluates it by JSONata.
    assert is_path or root.startswith("$sum(")
    assert bool(is_path) == bool(target["columns"])


@each_panel
def test_settings_name_columns(panel: dict[str, Any]) -> None:
    titles = [column["text"] for column in panel["targets"][0]["columns"]]
    matchers = [override["matcher"] for override in panel["fieldConfig"]["overrides"]]
    assert {one["options"] for one in matchers if one["id"] == "byName"} <= set(titles)
    for transformation in panel["transformations"]:
        assert [*transformation["options"]["indexByName"]] == titles
    assert bool(panel["transformations"]) == (panel["type"] in {"table", "barchart"})
    assert panel["type"] != "barchart" or panel["options"]["xField"] == titles[0]


def test_choices_are_those_of_the_api() -> None:
    assert [*enum("Severity")] == SEVERITIES
    assert [*enum("Interval")] == [*INTERVALS, "TOTAL"]
    assert VARIABLES["row_interval"]["current"]["value"] in INTERVALS
    for name in ("severity", "row_interval"):
        pairs = [f"{one['text']} : {one['value']}" for one in VARIABLES[name]["options"]]
        assert VARIABLES[name]["query"] == ", ".join(pairs)


def test_severities_have_the_colours_of_the_dashboard_page() -> None:
    style = (ROOT / "dashboard" / "src" / "style" / "colours.css").read_text()
    dark = style[style.index("prefers-color-scheme: dark") :]
    shown = {
        override["matcher"]["options"]: override["properties"][-1]["value"]["fixedColor"]
        for override in PANELS["Open alerts by severity"]["fieldConfig"]["overrides"]
    }
    assert len(set(shown.values())) == len(severity_colours()) == len(SEVERITIES)
    for severity in SEVERITIES:
        matcher = rf"/\b{severity}\b/"
        assert f"--severity-{severity.lower()}: {shown[matcher]};" in dark


def enum(name: str) -> list[str]:
    type_ = SCHEMA.type_map[name]
    assert isinstance(type_, GraphQLEnumType)
    return list(type_.values)
