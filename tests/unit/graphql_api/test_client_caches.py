"""What caches of clients need: examples select ids, and caches.ts lists all types."""

import re
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLObjectType,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    parse,
    visit,
)

from graphql_api.sdl import sdl
from tests.support.paths import ROOT

SCHEMA = build_schema(sdl())
CACHES = ROOT / "examples" / "typescript" / "caches.ts"
EXAMPLES = sorted((ROOT / "examples" / "queries").glob("*.graphql"))
TYPES = {
    name: "id" in type_.fields
    for name, type_ in SCHEMA.type_map.items()
    if isinstance(type_, GraphQLObjectType) and not name.startswith("__") and name != "Query"
}
"""Whether each object type has an id."""


@pytest.mark.parametrize(("listed", "has_id"), [("embedded", False), ("identified", True)])
def test_configuration_of_caches_lists_every_type(listed: str, has_id: bool) -> None:
    found = re.search(rf"const {listed} = \[(.*?)\]", CACHES.read_text(), re.DOTALL)
    assert found is not None
    names = re.findall(r'"(\w+)"', found[1])
    assert names == sorted(name for name in TYPES if TYPES[name] is has_id)


class _Ids(Visitor):
    """Finds the selections of a type with an id that do not select it."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.missing: list[str] = []

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> None:
        parent = self._types.get_parent_type()
        selected = {one.name.value for one in node.selections if isinstance(one, FieldNode)}
        if parent and TYPES.get(parent.name) and "id" not in selected:
            self.missing.append(parent.name)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_select_the_id_of_every_object_that_has_one(example: Path) -> None:
    types = TypeInfo(SCHEMA)
    visitor = _Ids(types)
    visit(parse(example.read_text()), TypeInfoVisitor(types, visitor))
    assert visitor.missing == []
