"""Accelerators change how fast the service responds, and nothing else."""

import ast
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mangum import Mangum
from mangum.types import Receive, Scope, Send

import graphql_api
from graphql_api import accelerators
from graphql_api.accelerators import NAMES, SETTING, selected
from graphql_api.accelerators.composition import Parts
from graphql_api.accelerators.document_cache import DOCUMENTS_KEPT, LONGEST_KEPT, cached
from graphql_api.execution.bounded_executor import BoundedExecutor
from graphql_api.execution.engine import Prepared
from ingest.terms import ClosedAs
from tests.support.graphql_api.deployment import Deployment, Response, alert, closing, forget
from tests.support.graphql_api.wrong_requests import BODIES

STOCK = Parts(frozenset())
PACKAGE = Path(graphql_api.__file__).parent


EXAMPLES = (PACKAGE.parent / "examples" / "queries").glob("*.graphql")
QUERIES = (
    *(path.read_text(encoding="utf-8") for path in sorted(EXAMPLES)),
    """{
      getAlert(id: "octo/cat/1") { id state timeToRemediate(unit: DAYS) alertCreatedAtMonth }
      getAlerts { data { id alertID tool closedAs closedAt branch age(unit: HOURS) } nextToken }
      more: getAlerts { data { ruleDescription ruleTags cwes path line reopenedAt } }
      getRepositoryOverviews { data { id openAlerts meanTimeToRemediate } }
    }""",
    """{
      repository(name: "octo/cat") {
        alerts(state: OPEN) { data { alertURL severity __typename } }
        backlog(groupBy: TOOL) { group open meanAge olderThan(days: 7) }
        rules { key description tool severity open closed medianTimeToRemediate(unit: DAYS) }
        metrics(interval: DAY, from: "now-30d") { group opened p90TimeToRemediate(unit: DAYS) }
      }
    }""",
    '{ getAlerts(limit: 0) { nextToken } organisation(name: "unknown") { lastEventAt } }',
    '{ repository(name: "octo/cat") { metrics(interval: TOTAL) { shareClosedWithin(days: 31) } } }',
    "query A { a: __typename } query B { b: __typename }",
    "mutation { getAlerts { nextToken } }",
)


async def _empty_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({}, set(NAMES)),
        ({SETTING: "off"}, set()),
        ({SETTING: ""}, set()),
        ({SETTING: "projection"}, {"projection"}),
        ({SETTING: "projection,log_line"}, {"projection", "log_line"}),
    ],
)
def test_setting_selects_accelerators(environment: Mapping[str, str], names: set[str]) -> None:
    assert selected(environment) == names


def test_unknown_accelerator_is_an_error() -> None:
    with pytest.raises(ValueError, match="names warp_drive, but must be off or some of"):
        selected({SETTING: "projection,warp_drive"})


def test_every_accelerator_is_a_module() -> None:
    assert accelerators.__file__ is not None
    folder = Path(accelerators.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")}
    assert modules == {*NAMES, "__init__", "composition", "flat_types", "leaf"}


def test_switched_off_accelerators_use_stock_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert STOCK.keep() is None
    assert STOCK.executor_class() is BoundedExecutor
    assert type(STOCK.adapter(_empty_app, text_mime_types=[])) is Mangum
    client: Any = STOCK.dynamodb_client()
    assert client.meta.config.parameter_validation
    assert type(client._response_parser).__module__ == "botocore.parsers"


def test_stock_and_accelerated_responses_are_equal(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = [alert(number) for number in range(1, 6)]
    deployment.record(
        *opened, closing(opened[0], datetime(2026, 11, 9, tzinfo=UTC), ClosedAs.FIXED)
    )
    deployment.roll_up()
    monkeypatch.setattr("time.time_ns", lambda: 1_795_600_000_000_000_000)
    found = {}
    for setting in ("off", ",".join(NAMES)):
        monkeypatch.setenv(SETTING, setting)
        forget()
        capsys.readouterr()
        responses = list(_responses(deployment))
        found[setting] = (responses, list(map(_line, capsys.readouterr().out.splitlines())))
    stock, accelerated = found.values()
    assert accelerated == stock
    assert any(response.status == 200 and "errors" not in response.json for response in stock[0])
    assert len(stock[1]) == len(stock[0])


def _responses(deployment: Deployment) -> Iterator[Response]:
    for text in QUERIES:
        yield deployment.ask(text)
        yield deployment.get(text, accept="application/graphql-response+json")
    for body in BODIES.values():
        yield deployment.send("POST", body=body, headers={"content-type": "application/json"})
    for method in ("PUT", "OPTIONS", "GET"):
        yield deployment.send(method)
    yield deployment.send("GET", headers={"x-api-key": "wrong"})


def _line(text: str) -> dict[str, object]:
    """Return a log line without the timestamp and the duration."""
    line: dict[str, object] = json.loads(text)
    assert str(line.pop("timestamp"))[-6:] == "+00:00"
    del line["ms"]
    return line


def test_cache_keeps_limited_number_of_short_documents() -> None:
    prepared: list[str] = []

    def prepare(source: str) -> Prepared:
        prepared.append(source)
        return Prepared(None)

    keep = cached(prepare)
    for _ in range(3):
        keep("{ a }")
    assert prepared == ["{ a }"]
    for number in range(DOCUMENTS_KEPT):
        keep(f"{{ a{number} }}")
    keep("{ a }")
    assert prepared.count("{ a }") == 2
    long = " " * (LONGEST_KEPT + 1)
    keep(long)
    keep(long)
    assert prepared.count(long) == 2


def test_private_names_of_libraries_are_listed() -> None:
    listed = accelerators.__doc__ or ""
    used = {
        name
        for path in PACKAGE.rglob("*.py")
        for name in _private_names(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert "_schema" in used
    assert not [name for name in sorted(used) if name not in listed]


def _private_names(tree: ast.Module) -> Iterator[str]:
    """Yield the names with a leading underscore that are not a module's or class's own."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                continue
            case ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                of_python = {"_replace", "_asdict", "__init__", "__name__"}
                if name.startswith("_") and name not in of_python:
                    yield name
            case ast.Constant(value=str(text)) if text.startswith("__strawberry"):
                yield text
