"""Projection returns the data and errors of graphql-core, for any document and any stored rows."""

from dataclasses import dataclass
from typing import Any, cast

import pytest
import strawberry
from graphql import ExecutionResult, GraphQLError, Undefined, execute_sync, parse
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from graphql_api.accelerators.flat_types import FlatTypes
from graphql_api.accelerators.projection import ProjectingExecutor
from graphql_api.access.access import Access
from graphql_api.execution.engine import Engine, GraphQLRequest
from graphql_api.reading.budget import Budget
from graphql_api.reading.cursor import CursorCodec
from graphql_api.reading.overviews import Overviews
from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import Tables
from graphql_api.repositories.facts import FactsReader
from graphql_api.repositories.repositories import Repositories
from graphql_api.schema.context import Context
from graphql_api.schema.fields import field
from graphql_api.schema.root import schema_of
from graphql_api.selection.known_names import KnownNames
from graphql_api.selection.unknown_names import UnknownNames
from graphql_api.vocabulary.enums import DurationUnit, Severity
from ingest.alerts.packed_details import pack_details
from ingest.facts.details import Details, DetailsReport
from ingest.terms import Branch
from rollup.metrics.counts import Cell, CellKey, Counts, Outcome
from rollup.rows.counts_codec import pack
from rollup.service_levels.targets import DEFAULT_TARGETS
from tests.support.examples import examples
from tests.support.graphql_api.documents import Document, documents

TABLES = Tables(
    all_events="a", repository_overview="r", organisation_overview="o", repositories="f"
)
NOW_MS = 1_795_000_000_000

StoredValue = dict[str, Any]


def test_types_of_long_lists_are_flat() -> None:
    overviews = {"RepositoryOverview", "OrganisationOverview"}
    assert overviews | {"Alert", "MetricsPoint", "Backlog"} <= set(FLAT.by_name)


def with_projection(schema: strawberry.Schema, document: Document, context: Any) -> ExecutionResult:
    """Execute a document with projection, as the engine does."""
    engine = Engine(schema, introspection=True, report=lambda _reference, _fault: None)
    request = GraphQLRequest(query=document.text, variables=document.variables)
    return engine._run(parse(document.text), request, context)


def without_projection(
    schema: strawberry.Schema, document: Document, context: Any
) -> ExecutionResult:
    """Execute a document with graphql-core's executor."""
    return execute_sync(
        schema._schema,
        parse(document.text),
        context_value=context,
        variable_values=dict(document.variables),
        executor_class=STOCK_EXECUTOR,
    )


def visible(error: GraphQLError) -> tuple[Any, ...]:
    """Return the parts of an error that determine its form in the response."""
    return error.message, error.path, error.locations, repr(error.original_error)


def assert_same(ours: ExecutionResult, theirs: ExecutionResult) -> None:
    """Check that data and errors are equal, also their order."""
    assert repr(ours.data) == repr(theirs.data)
    assert list(map(visible, ours.errors or [])) == list(map(visible, theirs.errors or []))
    event("errors" if ours.errors else "no errors")


# The schema of the API, with rows of which some are damaged.

SCHEMA = schema_of(ProjectingExecutor)
STOCK_EXECUTOR = schema_of().execution_context_class
FLAT = FlatTypes(SCHEMA._schema)
CELLS = pack(
    Counts(
        {
            CellKey(Severity.HIGH, Branch.DEFAULT, "CodeQL", Outcome.OPENED): Cell(4),
            CellKey(Severity.HIGH, Branch.DEFAULT, "CodeQL", Outcome.OPEN): Cell(1, NOW_MS // 2),
            CellKey(Severity.LOW, Branch.OTHER, "", Outcome.FIXED): Cell(3, 30_000, {10: 2, 20: 1}),
        }
    )
)
DETAILS = pack_details(
    DetailsReport(NOW_MS, Details(description="XSS", tags=("cwe-79", "js"), start_line=7))
)
ATTRIBUTES: dict[str, tuple[list[StoredValue], list[StoredValue]]] = {
    "repositoryName": ([{"S": "octo/cat"}, {"S": "octo/dog"}], [{"N": "1"}]),
    "organisationName": ([{"S": "octo"}], []),
    "repositorySpelling": ([{"S": "Octo/cat"}, {"S": "octo/Dog"}], [{"N": "1"}]),
    "organisationSpelling": ([{"S": "Octo"}], []),
    "alertID": ([{"N": "1"}, {"N": "22"}], [{"N": "3000000000"}, {"N": "x"}]),
    "alertURL": ([{"S": "https://github.com/octo/cat"}], []),
    "state": ([{"S": "OPEN"}, {"S": "CLOSED"}], [{"S": "AJAR"}]),
    "createdAt": ([{"S": "2026-11-01T09:00:00.000Z"}], [{"S": "yesterday"}]),
    "closedAt": ([{"S": "2026-11-20T09:30:00.000Z"}], [{"S": ""}]),
    "closedAs": ([{"S": "FIXED"}, {"S": "DISMISSED"}], [{"S": "LOST"}]),
    "severity": ([{"S": "HIGH"}, {"S": "NONE"}], [{"S": "UNHEARD"}]),
    "branch": ([{"S": "DEFAULT"}, {"S": "OTHER"}], []),
    "tool": ([{"S": "CodeQL"}], [{"N": "1"}]),
    "rule": ([{"S": "js/xss"}], []),
    "details": ([{"S": DETAILS}], [{"S": "{}"}, {"S": '{"reportedAt":"x"}'}]),
    "reopenedAt": ([{"L": [{"S": "2026-11-20T09:30:00.000Z"}]}, {"L": []}], [{"L": [{"N": "1"}]}]),
    "period": ([{"S": "MONTH#2026-11"}, {"S": "DAY#2026-11-20"}, {"S": "ALL"}], []),
    "cells": ([{"B": CELLS}], [{"B": b"\x09"}]),
    "lastEventAt": ([{"S": "2026-11-20T09:30:00.000Z"}], []),
    "monthlyPeriod": ([{"S": "2026-11"}], []),
    "openAlerts": ([{"N": "0"}, {"N": "7"}], [{"N": "3000000000"}]),
    "numberFixed": ([{"N": "2"}], []),
    "numberManuallyClosed": ([{"N": "3"}], []),
    "totalTimeToRemediate": ([{"N": "2160000000"}], [{"N": "1.5"}]),
    "meanTimeToRemediate": ([{"N": "1000"}], []),
}


@st.composite
def items(draw: st.DrawFn) -> dict[str, StoredValue]:
    """Draw a row with the attributes of an alert and an overview; some rows are damaged."""
    damaged = draw(st.integers(1, 6)) == 6
    item: dict[str, StoredValue] = {}
    for name, (good, bad) in ATTRIBUTES.items():
        if name in {"closedAt", "closedAs", "tool", "rule", "details"} and draw(st.booleans()):
            continue
        if damaged and name != "organisationName" and draw(st.integers(1, 5)) == 5:
            if draw(st.booleans()) and bad:
                item[name] = draw(st.sampled_from(bad))
            continue
        item[name] = draw(st.sampled_from(good))
    return item


class Rows:
    """A DynamoDB client that returns the same rows for every request."""

    def __init__(self, items: list[dict[str, StoredValue]]) -> None:
        self._items = items

    def get_item(self, **_request: object) -> dict[str, Any]:
        return {"Item": self._items[0]} if self._items else {}

    def query(self, **_request: object) -> dict[str, Any]:
        return {"Items": self._items}

    scan = query

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        return {"Responses": dict.fromkeys(request["RequestItems"], self._items)}


def context_of(rows: list[dict[str, StoredValue]]) -> Context:
    """Return the context of a request that reads these rows."""
    budget = Budget()
    reader = Reader(cast("Any", Rows(rows)), CursorCodec.of("tests"), Access("tests"), budget)
    return Context(
        budget=budget,
        reader=reader,
        tables=TABLES,
        overviews=Overviews(reader, TABLES),
        repositories=Repositories(FactsReader(reader, TABLES), None),
        unknown_names=UnknownNames(KnownNames(reader, TABLES)),
        targets=DEFAULT_TARGETS,
        now_ms=NOW_MS,
    )


@settings(max_examples=examples(300), suppress_health_check=list(HealthCheck), deadline=None)
@given(documents(SCHEMA._schema), st.lists(items(), max_size=4))
def test_any_document_has_the_same_result_without_projection(
    document: Document, rows: list[dict[str, StoredValue]]
) -> None:
    ours = with_projection(SCHEMA, document, context_of(rows))
    theirs = without_projection(SCHEMA, document, context_of(rows))
    assert_same(ours, theirs)


# A test schema whose fields return values of any type.


@strawberry.type
class Odd:
    values: strawberry.Private[dict[str, Any]]
    plain: str | None = "plain"

    @field("May be null.")
    def text(self) -> str | None:
        return cast("str | None", self._value("text"))

    @field("May not be null.")
    def whole(self) -> int:
        return cast("int", self._value("whole"))

    @field("A real number, times something.")
    def real(self, times: float = 1, plus: int | None = None) -> float | None:
        value = self._value("real")
        return value * times + (plus or 0) if isinstance(value, float) else value

    @field("Yes or no.")
    def flag(self) -> bool | None:
        return cast("bool | None", self._value("flag"))

    @field("An enum value, or an invalid value.")
    def member(self) -> Severity | None:
        return cast("Severity | None", self._value("member"))

    @field("An id.")
    def id(self) -> strawberry.ID | None:
        return cast("strawberry.ID | None", self._value("id"))

    @field("Some members, or none of them.")
    def members(self) -> list[Severity]:
        return cast("list[Severity]", self._value("members"))

    @field("Some texts, and gaps between them.")
    def texts(self) -> list[str | None] | None:
        return cast("list[str | None]", self._value("texts"))

    @field("The context, the name of the field and the unit.")
    def details(
        self, info: strawberry.Info[str, None], unit: DurationUnit = DurationUnit.DAYS
    ) -> str | None:
        return f"{info.context} {info.field_name} {unit.name}"

    def _value(self, name: str) -> Any:
        value = self.values.get(name)
        if isinstance(value, ArithmeticError):
            raise value
        return value


@strawberry.type
class OddQuery:
    @field("Any rows.")
    def rows(self, info: strawberry.Info[Any, None]) -> list[Odd]:
        return cast("list[Odd]", info.context.rows)

    @field("Any rows, some of them null.")
    def gaps(self, info: strawberry.Info[Any, None]) -> list[Odd | None] | None:
        return cast("list[Odd | None]", info.context.rows)

    @field("One row.")
    def row(self, info: strawberry.Info[Any, None]) -> Odd | None:
        return next(iter(info.context.rows), None)


ODD = strawberry.Schema(OddQuery, execution_context_class=ProjectingExecutor)


@dataclass(frozen=True)
class OddContext:
    rows: list[Any]
    budget: Budget


class StringSubclass(str):
    """A string of another type."""

    __slots__ = ()


anything: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(
            None,
            Undefined,
            "text",
            StringSubclass("text"),
            b"bytes",
            [],
            Severity.HIGH,
            "HIGH",
            "LOUD",
        ),
        *(1, -1, 2**40, True, False, 0.5, float("nan"), float("inf"), DurationUnit.DAYS),
        *(ValueError("returned"), ZeroDivisionError("raised"), GraphQLError("returned")),
    ]
)
odd_rows = st.builds(
    Odd,
    values=st.fixed_dictionaries(
        {
            "text": st.just("text") | anything,
            "whole": st.just(1) | st.just(2) | anything,
            "real": st.just(1.5) | st.none() | anything,
            "flag": st.booleans() | anything,
            "member": st.sampled_from(Severity) | anything,
            "id": st.just("id") | anything,
            "members": st.lists(st.sampled_from(Severity)) | st.lists(anything) | anything,
            "texts": st.lists(st.just("text") | st.none()) | st.lists(anything) | anything,
        }
    ),
)
ordinary = st.builds(
    Odd,
    values=st.just(
        {
            "text": "t",
            "whole": 1,
            "real": 0.5,
            "flag": True,
            "member": Severity.LOW,
            "members": [Severity.HIGH, Severity.LOW],
            "texts": ["t"],
        }
    ),
)


@settings(max_examples=examples(300), suppress_health_check=list(HealthCheck), deadline=None)
@given(
    documents(ODD._schema),
    st.lists(ordinary | odd_rows | st.none() | st.just(KeyError("row")), max_size=4),
)
def test_values_of_any_type_have_the_same_result_without_projection(
    document: Document, rows: list[Any]
) -> None:
    context = OddContext(rows, Budget())
    assert_same(with_projection(ODD, document, context), without_projection(ODD, document, context))


# Flat rows are projected, not completed by graphql-core.


@pytest.mark.parametrize(
    ("root", "type_name"),
    [
        ("getAlerts", "Alert"),
        ("getRepositoryOverviews", "RepositoryOverview"),
        ("getOrganisationOverviews", "OrganisationOverview"),
    ],
)
def test_flat_rows_are_projected(
    root: str, type_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr(ProjectingExecutor, "complete_leaf_value", staticmethod(refuse))
    rows = [
        {name: good[0] for name, (good, _) in ATTRIBUTES.items()},
        {name: good[-1] for name, (good, _) in ATTRIBUTES.items() if not name.startswith("closed")},
    ]
    names = list(FLAT.by_name[type_name].fields)
    document = Document(f"{{ {root} {{ data {{ {' '.join(names)} }} }} }}", {})

    result = with_projection(SCHEMA, document, context_of(rows))

    assert result.errors is None
    assert result.data is not None
    assert [list(row) for row in result.data[root]["data"]] == [names] * 2
