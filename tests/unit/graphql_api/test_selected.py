"""Each field of a series has the same value alone, when less is read, as with all others."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from graphql import GraphQLObjectType, build_schema

from graphql_api.sdl import sdl
from ingest.terms import ClosedAs
from rollup.metrics.tally import Measure
from tests.support.graphql_api.deployment import Deployment, alert, closing, deployed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ARGUMENTS = {
    "percentileTimeToRemediate": ["(percent: 75)"],
    "shareClosedWithin": ["(days: 7)"],
    "change": [f"(of: {measure})" for measure in Measure],
    "before": [f"(of: {measure})" for measure in Measure],
}
"""The arguments of the fields that have required ones."""


def fields() -> list[str]:
    """Return all fields of a row, with arguments."""
    type_ = build_schema(sdl()).type_map["MetricsPoint"]
    assert isinstance(type_, GraphQLObjectType)
    return [f"{name}{text}" for name in type_.fields for text in ARGUMENTS.get(name, [""])]


@pytest.fixture(scope="module")
def acme() -> Iterator[Deployment]:
    with pytest.MonkeyPatch.context() as patch, deployed(patch, TEAM="property:team") as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        for repository, days in {"acme/web": (1, 9, 20), "acme/api": (3, 40)}.items():
            deployment.report(repository, properties=(("team", (repository[-3:],)),))
            for number, took in enumerate(days, start=1):
                created_at = NOW - timedelta(days=took + 2)
                one = alert(number, repository=repository, created_at=created_at)
                deployment.record(one)
                closed_at = NOW - timedelta(days=number)
                deployment.record(closing(one, closed_at, ClosedAs.FIXED))
        deployment.roll_up()
        yield deployment


def rows(deployment: Deployment, selection: str) -> list[dict[str, Any]]:
    median = "($median: Measure! = MEDIAN_TIME_TO_REMEDIATE)" if "$" in selection else ""
    p90 = "fragment P90 on MetricsPoint { f0: p90TimeToRemediate }" if "...P90" in selection else ""
    query = f"""query Q{median} {{
      organisation(name: "acme") {{ metrics(from: "now-3d", interval: TOTAL, groupBy: TEAM) {{
        {selection} }} }} }} {p90}"""
    found: list[dict[str, Any]] = deployment.ask(query).data["organisation"]["metrics"]
    return found


def test_each_field_alone_equals_all_fields_together(acme: Deployment) -> None:
    selections = fields()
    aliased = [f"f{number}: {text}" for number, text in enumerate(selections)]
    together = rows(acme, " ".join(aliased))
    assert len(together) == 2
    for number, text in enumerate(aliased):
        alone = rows(acme, text)
        assert [row[f"f{number}"] for row in alone] == [row[f"f{number}"] for row in together], text


def test_percentiles_in_fragments_and_variables_are_found(acme: Deployment) -> None:
    direct = [row["f0"] for row in rows(acme, "f0: p90TimeToRemediate")]
    assert None not in direct
    for selection in ("...P90", "... { ...P90 }", "... on MetricsPoint { opened ...P90 }"):
        assert [row["f0"] for row in rows(acme, selection)] == direct
    median = [row["m"] for row in rows(acme, "m: change(of: MEDIAN_TIME_TO_REMEDIATE)")]
    assert [row["m"] for row in rows(acme, "m: change(of: $median)")] == median
