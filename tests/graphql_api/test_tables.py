"""The tables of these tests are those that are deployed: same keys, same indexes."""

import sys

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from infra.config import config_from
from infra.storage import Storage
from tests.graphql_api.deployment import INDEXES, NUMBERS, TABLES


@pytest.fixture(scope="module")
def deployed_tables() -> dict[str, dict[str, tuple[str, ...]]]:
    """The deployed tables' keys by the name of their index, those of the table itself under ''."""
    stack = Stack(App(), "Tables")
    Storage(stack, "Storage", config=config_from({}, python=sys.version_info[:2]))
    resources = Template.from_stack(stack).find_resources("AWS::DynamoDB::Table")
    tables = {}
    for logical_id, resource in resources.items():
        name = next((name for name in TABLES if name in logical_id), None)
        if name is None:
            continue
        properties = resource["Properties"]
        indexes = {"": properties["KeySchema"]} | {
            index["IndexName"]: index["KeySchema"]
            for index in properties.get("GlobalSecondaryIndexes", [])
        }
        tables[name] = {
            index: tuple(key["AttributeName"] for key in keys) for index, keys in indexes.items()
        }
        for attribute in properties["AttributeDefinitions"]:
            is_number = attribute["AttributeName"] in NUMBERS
            assert attribute["AttributeType"] == ("N" if is_number else "S")
    return tables


def test_the_tables_of_these_tests_are_those_of_the_stack(
    deployed_tables: dict[str, dict[str, tuple[str, ...]]],
) -> None:
    assert deployed_tables == {name: {"": keys} | INDEXES[name] for name, keys in TABLES.items()}
