"""No function and no state machine may do more than it needs; the template is walked for it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from aws_cdk.assertions import Template

UNNARROWABLE = {
    "logs:CreateLogDelivery": "CloudWatch Logs knows no resource for log deliveries",
    "logs:GetLogDelivery": "as above",
    "logs:UpdateLogDelivery": "as above",
    "logs:DeleteLogDelivery": "as above",
    "logs:ListLogDeliveries": "as above",
    "logs:PutResourcePolicy": "as above",
    "logs:DescribeResourcePolicies": "as above",
    "logs:DescribeLogGroups": "as above",
    "dynamodb:ListStreams": "knows no resource; Lambda's stream mappings ask for it",
}
# The CDK's provider of the trigger brings a role of its own: it may invoke versions of the
# refresher, and write logs by AWS's own policy.
TRIGGER = "AWSCDKTriggerCustomResourceProvider"

DYNAMODB = {
    "PipelineRecorderRole": {
        "StorageAllEvents": {"GetItem", "PutItem"},
        "StorageRepositories": {"GetItem", "PutItem"},
    },
    "RollupsRepositoryAlertStreamHandlerRole": {
        "StorageAllEvents": {"DescribeStream", "GetRecords", "GetShardIterator"},
    },
    "RollupsRepositoryRepositoryQueueHandlerRole": {
        "StorageRepositoryOverview": {"BatchGetItem", "DeleteItem", "PutItem"},
        "StorageLedger": {"BatchGetItem", "DeleteItem", "PutItem"},
    },
    "RollupsOrganisationRepositoryStreamHandlerRole": {
        "StorageRepositoryOverview": {"DescribeStream", "GetRecords", "GetShardIterator"},
    },
    "RollupsOrganisationOrganisationQueueHandlerRole": {
        "StorageRepositoryOverview": {"BatchGetItem"},
        "StorageOrganisationOverview": {"BatchGetItem", "DeleteItem", "PutItem"},
        "StorageLedger": {"BatchGetItem", "DeleteItem", "PutItem"},
    },
    "GraphqlApiQueryRole": {
        "StorageAllEvents": {"BatchGetItem", "GetItem", "Query", "Scan"},
        "StorageRepositoryOverview": {"BatchGetItem", "GetItem", "Query", "Scan"},
        "StorageOrganisationOverview": {"BatchGetItem", "GetItem", "Query", "Scan"},
        "StorageAccessKeys": {"GetItem"},
    },
}

SEND = {"GetQueueAttributes", "GetQueueUrl", "SendMessage"}
RECEIVE = {
    "ChangeMessageVisibility",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ReceiveMessage",
}
# All but tables and logs. What Lambda itself does for a mapping, the CDK gives its function.
OTHERS = {
    "PipelineReceiverRole": {
        "PipelineBus": {"events:PutEvents"},
        "PipelineWebhookSecret": {"secretsmanager:GetSecretValue"},
    },
    "SourceAddressesAuthorizerRole": {"SourceAddressesRanges": {"ssm:GetParameter"}},
    "SourceAddressesRefresherRole": {"SourceAddressesRanges": {"ssm:PutParameter"}},
    "PipelineRecordingEventsRole": {"PipelineRecording": {"states:StartExecution"}},
    "PipelineRecordingRole": {
        "PipelineRecorder": {"lambda:InvokeFunction"},
        "PipelineExecutionDeadLetters": {"sqs:SendMessage"},
    },
    "RollupsRepositoryAlertStreamHandlerRole": {
        "RollupsRepositoryQueue": {"sqs:SendMessage"},
        "RollupsRepositoryStreamDeadLetters": {f"sqs:{action}" for action in SEND},
    },
    "RollupsRepositoryRepositoryQueueHandlerRole": {
        "RollupsRepositoryQueue": {f"sqs:{action}" for action in RECEIVE},
    },
    "RollupsOrganisationRepositoryStreamHandlerRole": {
        "RollupsOrganisationQueue": {"sqs:SendMessage"},
        "RollupsOrganisationStreamDeadLetters": {f"sqs:{action}" for action in SEND},
    },
    "RollupsOrganisationOrganisationQueueHandlerRole": {
        "RollupsOrganisationQueue": {f"sqs:{action}" for action in RECEIVE},
    },
}


def statements(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, resource in template.to_json()["Resources"].items():
        properties = resource.get("Properties", {})
        documents = [properties.get("PolicyDocument", {})]
        documents += [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        for document in documents:
            for statement in document.get("Statement", []):
                if statement["Effect"] == "Allow":
                    yield name, statement


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(params=["aws", "emulator"])
def template(request: pytest.FixtureRequest) -> Template:
    found: Template = request.getfixturevalue(request.param)
    return found


def test_no_action_is_a_wildcard(template: Template) -> None:
    actions = [action for _, found in statements(template) for action in listed(found["Action"])]

    assert actions
    assert not [action for action in actions if "*" in action]


def test_no_resource_is_a_wildcard_but_where_aws_knows_none(template: Template) -> None:
    for name, statement in statements(template):
        if "*" in json.dumps(statement["Resource"]) and not name.startswith(TRIGGER):
            assert statement["Resource"] == "*"
            assert set(listed(statement["Action"])) <= UNNARROWABLE.keys()


def test_no_role_takes_a_managed_policy(template: Template) -> None:
    roles = template.find_resources("AWS::IAM::Role")
    taking = [name for name, role in roles.items() if "ManagedPolicyArns" in role["Properties"]]

    assert not [name for name in taking if not name.startswith(TRIGGER)]


def test_nobody_outside_is_let_into_a_queue_but_the_rule(template: Template) -> None:
    for name, statement in statements(template):
        if "Principal" in statement:
            assert statement["Principal"] == {"Service": "events.amazonaws.com"}
            assert statement["Action"] == "sqs:SendMessage"
            assert "DeliveryDeadLetters" in name
            assert "PipelineRule" in json.dumps(statement["Condition"]["ArnEquals"])


def test_the_tables_are_touched_as_each_function_needs(template: Template) -> None:
    found: dict[str, dict[str, set[str]]] = {}
    for name, statement in statements(template):
        role, _, _ = name.partition("DefaultPolicy")
        actions = {
            action.removeprefix("dynamodb:")
            for action in listed(statement["Action"])
            if action.startswith("dynamodb:") and action != "dynamodb:ListStreams"
        }
        for resource in listed(statement["Resource"]) if actions else []:
            table = next(text for text in _names(resource) if text.startswith("Storage"))
            found.setdefault(role, {}).setdefault(table[:-8], set()).update(actions)

    assert found == DYNAMODB


def test_nothing_else_is_touched_but_what_each_role_needs(template: Template) -> None:
    rooms = ("Pipeline", "SourceAddresses", "Rollups", "GraphqlApi", "Storage", "Gateway")
    found: dict[str, dict[str, set[str]]] = {}
    for name, statement in statements(template):
        role, _, _ = name.partition("DefaultPolicy")
        actions = {
            action
            for action in listed(statement["Action"])
            if not action.startswith(("dynamodb:", "logs:"))
        }
        if "Principal" in statement or role.startswith(TRIGGER) or not actions:
            continue
        for resource in listed(statement["Resource"]):
            (thing,) = (text for text in _names(resource) if text.startswith(rooms))
            found.setdefault(role, {}).setdefault(thing[:-8], set()).update(actions)

    assert found == OTHERS


def _names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)


def test_every_function_writes_its_own_log_only(template: Template) -> None:
    functions = template.find_resources("AWS::Lambda::Function")
    ours = {name: found for name, found in functions.items() if not name.startswith(TRIGGER)}
    groups = {
        statement["Resource"]["Fn::GetAtt"][0]: name
        for name, statement in statements(template)
        if "logs:PutLogEvents" in listed(statement["Action"])
    }

    assert len(ours) == 10
    for function in ours.values():
        group = function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
        role = function["Properties"]["Role"]["Fn::GetAtt"][0]
        assert groups[group].startswith(role[:-8])
