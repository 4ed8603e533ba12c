"""The tables of the last release, and which changes of them a deployment can make.

Owns the form of `released_tables.json`: by table, its key, stream, expiry and indexes. A release
runs `python -m tests.support.frozen_tables`, which writes the present tables into it.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from infra.config import config_from
from infra.constructs.storage import Storage

RELEASED = Path(__file__).with_name("released_tables.json")
FROZEN = (
    "{table}, index {index}: a released index cannot change in place, neither its key nor its"
    " projection. Add an index under a new name, read it, and remove the old one in a later release"
)
KEPT = (
    "{table}: {what} cannot change in place: CloudFormation replaces the table, or the functions"
    " that follow its stream lose records. Add a table under a new name and move the rows"
)
ONE_INDEX = (
    "{table}: {indexes} come or go, but a deployment can create or delete only one index of a"
    " table. Spread them over several releases"
)
GONE = "{table}: a released table must stay, since its rows are not in any other table"

Tables = dict[str, dict[str, Any]]


def tables_of(template: Template) -> Tables:
    """Return the tables of a template as `released_tables.json` has them."""
    found = template.find_resources("AWS::DynamoDB::Table")
    return {
        name[len("Storage") : -8]: _table(table["Properties"])
        for name, table in sorted(found.items())
    }


def released() -> Tables:
    """Return the tables of the last release."""
    tables: Tables = json.loads(RELEASED.read_text())
    return tables


def problems(before: Tables, after: Tables) -> Iterator[str]:
    """Yield the rules that a deployment of `after` over `before` breaks."""
    for name, old in before.items():
        if name not in after:
            yield GONE.format(table=name)
            continue
        new = after[name]
        for what in ("key", "stream", "expiresBy"):
            if old[what] != new[what]:
                yield KEPT.format(table=name, what=what)
        kept = old["indexes"].keys() & new["indexes"].keys()
        for index in sorted(kept):
            if old["indexes"][index] != new["indexes"][index]:
                yield FROZEN.format(table=name, index=index)
        others = sorted(old["indexes"].keys() ^ new["indexes"].keys())
        if len(others) > 1:
            yield ONE_INDEX.format(table=name, indexes=", ".join(others))


def _table(properties: dict[str, Any]) -> dict[str, Any]:
    types = {
        attribute["AttributeName"]: attribute["AttributeType"]
        for attribute in properties["AttributeDefinitions"]
    }

    def key(schema: list[dict[str, str]]) -> list[str]:
        return [f"{one['KeyType']} {(n := one['AttributeName'])}:{types[n]}" for one in schema]

    return {
        "key": key(properties["KeySchema"]),
        "stream": properties.get("StreamSpecification", {}).get("StreamViewType"),
        "expiresBy": properties.get("TimeToLiveSpecification", {}).get("AttributeName"),
        "indexes": {
            index["IndexName"]: {
                "key": key(index["KeySchema"]),
                "projection": index["Projection"]["ProjectionType"],
                "attributes": sorted(index["Projection"].get("NonKeyAttributes", ())),
            }
            for index in properties.get("GlobalSecondaryIndexes", ())
        },
    }


def present() -> Tables:
    """Return the tables of this version."""
    config = config_from({}, python=sys.version_info[:2])
    stack = Stack(App(), config.stack_name)
    Storage(stack, "Storage", config=config)
    return tables_of(Template.from_stack(stack))


if __name__ == "__main__":
    RELEASED.write_text(json.dumps(present(), indent=2) + "\n")
