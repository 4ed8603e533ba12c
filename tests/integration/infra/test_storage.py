"""Keys, indexes, streams and protection of the tables."""

from typing import Any

import pytest
from aws_cdk.assertions import Template

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


def test_tables_on_aws_are_protected_from_deletion(aws: Template) -> None:
    for table in tables(aws).values():
        properties = table["Properties"]
        assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
        assert properties["DeletionProtectionEnabled"] is True
        assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert properties["SSESpecification"]["SSEEnabled"] is True
        assert properties["BillingMode"] == "PAY_PER_REQUEST"


def test_tables_on_the_emulator_are_deleted_with_the_stack(emulator: Template) -> None:
    for table in tables(emulator).values():
        assert table["DeletionPolicy"] == "Delete"
        assert table["Properties"]["DeletionProtectionEnabled"] is False
