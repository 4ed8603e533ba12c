"""Keys, indexes, streams and protection of the tables."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Template

from tests.integration.infra.conftest import config, synthesise

KEYS = {
    "AllEvents": ("repositoryName:S", "alertID:N"),
    "RepositoryOverview": ("repositoryName:S", "period:S"),
    "OrganisationOverview": ("organisationName:S", "period:S"),
    "Repositories": ("repository:S",),
    "Ledger": ("source:S", "part:S"),
    "AccessKeys": ("keyHash:S",),
    "Connections": ("connection:S", "task:S"),
}
INDEXES = {
    "AllEvents": {
        "byOrganisation": ("organisationName:S", "createdAt:S", "INCLUDE"),
        "byOrganisationState": ("organisationState:S", "stateAt:S", "INCLUDE"),
        "byRepositoryState": ("repositoryState:S", "stateAt:S", "INCLUDE"),
    },
    "RepositoryOverview": {
        "byMonthlyPeriod": ("monthlyPeriod:S", "repositoryName:S", "INCLUDE"),
        "byOrganisation": ("organisationName:S", "period:S", "ALL"),
        "headlines": ("organisationName:S", "period:S", "INCLUDE"),
    },
    "OrganisationOverview": {
        "byMonthlyPeriod": ("monthlyPeriod:S", "organisationName:S", "INCLUDE"),
        "listed": ("listed:S", "organisationName:S", "INCLUDE"),
    },
    "Repositories": {"byOrganisation": ("organisationName:S", "keyName:S", "INCLUDE")},
    "Ledger": {},
    "AccessKeys": {},
    "Connections": {},
}
ALERT_ATTRIBUTES = {
    "repositoryName", "repositorySpelling", "alertID", "organisationName", "alertURL", "state",
    "createdAt", "closedAt", "closedAs", "severity", "tool", "rule", "branch", "stateAt",
    "organisationState", "repositoryState",
}  # fmt: skip


def tables(template: Template) -> dict[str, dict[str, Any]]:
    found = template.find_resources("AWS::DynamoDB::Table")
    return {name[len("Storage") : -8]: dict(table) for name, table in found.items()}


def keys(table: dict[str, Any], schema: list[dict[str, str]]) -> tuple[str, ...]:
    types = {
        attribute["AttributeName"]: attribute["AttributeType"]
        for attribute in table["AttributeDefinitions"]
    }
    assert [key["KeyType"] for key in schema] == ["HASH", "RANGE"][: len(schema)]
    return tuple(f"{key['AttributeName']}:{types[key['AttributeName']]}" for key in schema)


@pytest.mark.parametrize("variant", ["aws", "emulator"])
def test_tables_have_these_keys_and_indexes(variant: str, request: pytest.FixtureRequest) -> None:
    found = tables(request.getfixturevalue(variant))

    assert found.keys() == KEYS.keys()
    for name, table in found.items():
        properties = table["Properties"]
        assert keys(properties, properties["KeySchema"]) == KEYS[name]
        assert {
            index["IndexName"]: (
                *keys(properties, index["KeySchema"]),
                index["Projection"]["ProjectionType"],
            )
            for index in properties.get("GlobalSecondaryIndexes", [])
        } == INDEXES[name]


def test_index_of_alerts_projects_all_facts_but_no_changes(aws: Template) -> None:
    properties = tables(aws)["AllEvents"]["Properties"]
    table_keys = {key["AttributeName"] for key in properties["KeySchema"]}

    for index in properties["GlobalSecondaryIndexes"]:
        own = {key["AttributeName"] for key in index["KeySchema"]} | table_keys
        projected = set(index["Projection"]["NonKeyAttributes"])
        assert not projected & own
        assert projected | own == ALERT_ATTRIBUTES


def test_indexes_of_names_project_the_spellings(aws: Template) -> None:
    projected = {
        (table, index["IndexName"]): set(index["Projection"].get("NonKeyAttributes", ()))
        for table in ("RepositoryOverview", "OrganisationOverview")
        for index in tables(aws)[table]["Properties"]["GlobalSecondaryIndexes"]
    }

    assert "repositorySpelling" in projected["RepositoryOverview", "byMonthlyPeriod"]
    assert "organisationSpelling" in projected["OrganisationOverview", "byMonthlyPeriod"]
    assert projected["OrganisationOverview", "listed"] == {"organisationSpelling"}


def test_only_tables_that_functions_follow_have_a_stream(aws: Template) -> None:
    streams = {
        name: table["Properties"].get("StreamSpecification") for name, table in tables(aws).items()
    }

    new_image = {"StreamViewType": "NEW_IMAGE"}
    assert streams == {
        "AllEvents": new_image,
        "RepositoryOverview": new_image,
        "OrganisationOverview": None,
        "Repositories": {"StreamViewType": "KEYS_ONLY"},
        "Ledger": None,
        "AccessKeys": None,
        "Connections": None,
    }


def test_only_rows_of_all_events_expire(aws: Template, emulator: Template) -> None:
    for template in (aws, emulator):
        expiring = {
            name: table["Properties"].get("TimeToLiveSpecification")
            for name, table in tables(template).items()
        }
        assert expiring.pop("AllEvents") == {"AttributeName": "expiresAt", "Enabled": True}
        assert set(expiring.values()) == {None}


def test_tables_on_aws_outlive_their_stack_but_not_a_failed_first_deployment(aws: Template) -> None:
    for table in tables(aws).values():
        properties = table["Properties"]
        assert table["DeletionPolicy"] == "RetainExceptOnCreate"
        assert table["UpdateReplacePolicy"] == "Retain"
        # A protected table would block the rollback of the first deployment.
        assert "DeletionProtectionEnabled" not in properties
        assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert properties["SSESpecification"]["SSEEnabled"] is True
        assert properties["BillingMode"] == "PAY_PER_REQUEST"


def call(switch: Mapping[str, Any], event: str) -> tuple[str, dict[str, Any]]:
    """Return the table and the parameters of the call that a custom resource makes."""
    _, parts = switch["Properties"][event]["Fn::Join"]
    table = next(part["Ref"] for part in parts if isinstance(part, dict))
    text = "".join(part if isinstance(part, str) else "TABLE" for part in parts)
    found: dict[str, Any] = json.loads(text)
    assert (found["service"], found["action"]) == ("dynamodb", "updateTable")
    return table, found["parameters"]


def test_each_table_is_protected_after_everything_else_exists(aws: Template) -> None:
    resources = aws.to_json()["Resources"]
    switches = aws.find_resources("Custom::AWS")
    protected = dict.fromkeys(aws.find_resources("AWS::DynamoDB::Table"), True)
    for event, protects in (("Create", True), ("Update", True), ("Delete", False)):
        assert {call(one, event)[0] for one in switches.values()} == set(protected)
        for switch in switches.values():
            expected = {"TableName": "TABLE", "DeletionProtectionEnabled": protects}
            assert call(switch, event)[1] == expected

    own = {name for name in resources if name.startswith(("Protection", "AWS679f53"))}
    first, *others = sorted(switches, key=lambda name: -len(switches[name]["DependsOn"]))
    assert resources.keys() - own - set(switches[first]["DependsOn"]) <= {"CDKMetadata"}
    for name in others:
        assert first in switches[name]["DependsOn"]


def test_protection_can_be_off(tmp_path: Path) -> None:
    template = synthesise(config(deletionProtection="false"), tmp_path)

    assert not template.find_resources("Custom::AWS")


def test_tables_on_the_emulator_are_deleted_with_the_stack(emulator: Template) -> None:
    for table in tables(emulator).values():
        assert table["DeletionPolicy"] == "Delete"
    assert not emulator.find_resources("Custom::AWS")


def test_restored_tables_are_used_instead_of_new_ones(tmp_path: Path) -> None:
    label = "2026-11-29T10:00:00.123"
    template = synthesise(
        config(restoredTables=f"AllEvents=Old/stream/{label},Ledger=Old-Ledger"), tmp_path
    )

    assert tables(template).keys() == KEYS.keys() - {"AllEvents", "Ledger"}
    assert template.find_outputs("LedgerTable")["LedgerTable"]["Value"] == "Old-Ledger"
    sources = [
        json.dumps(mapping["Properties"]["EventSourceArn"])
        for mapping in template.find_resources("AWS::Lambda::EventSourceMapping").values()
    ]
    assert sum(f":table/Old/stream/{label}" in source for source in sources) == 1
    policies = json.dumps(template.find_resources("AWS::IAM::Policy"))
    for resource in ("table/Old", "table/Old/index/byOrganisation", "table/Old-Ledger"):
        assert f':{resource}"' in policies
    protected = json.dumps(template.find_resources("Custom::AWS"))
    assert "Old-Ledger" in protected
