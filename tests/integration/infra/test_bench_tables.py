"""The benchmark's copy of the tables equals the deployed tables."""

from typing import Any

from aws_cdk.assertions import Template

from bench.dynamodb_tables import SPECS, Index


def test_bench_has_each_deployed_key_index_and_projection(aws: Template) -> None:
    deployed: list[tuple[tuple[str, ...], dict[str, Index]]] = []
    for table in aws.find_resources("AWS::DynamoDB::Table").values():
        properties = table["Properties"]
        indexes = {
            index["IndexName"]: index_of(index)
            for index in properties.get("GlobalSecondaryIndexes", ())
        }
        deployed.append((keys_of(properties), indexes))
    for spec in SPECS.values():
        indexes = {
            name: Index(index.keys, without_keys(index)) for name, index in spec.indexes.items()
        }
        assert (spec.keys, indexes) in deployed


def keys_of(properties: dict[str, Any]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in properties["KeySchema"])


def index_of(properties: dict[str, Any]) -> Index:
    first, second = keys_of(properties)
    projection = properties["Projection"]
    projected = {
        "ALL": None,
        "KEYS_ONLY": frozenset[str](),
        "INCLUDE": frozenset(projection.get("NonKeyAttributes", ())),
    }
    return Index((first, second), projected[projection["ProjectionType"]])


def without_keys(index: Index) -> frozenset[str] | None:
    return None if index.projected is None else index.projected.difference(index.keys)
