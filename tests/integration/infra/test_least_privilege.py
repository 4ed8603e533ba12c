"""Each function and state machine has only the permissions it needs, by the whole template."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from aws_cdk.assertions import Template

UNNARROWABLE = {
    "logs:CreateLogDelivery": "CloudWatch Logs has no resource for log deliveries",
    "logs:GetLogDelivery": "as above",
    "logs:UpdateLogDelivery": "as above",
    "logs:DeleteLogDelivery": "as above",
    "logs:ListLogDeliveries": "as above",
    "logs:PutResourcePolicy": "as above",
    "logs:DescribeResourcePolicies": "as above",
    "logs:DescribeLogGroups": "as above",
    "dynamodb:ListStreams": "has no resource; Lambda's stream mappings need it",
}
# The CDK's provider of the trigger has its own role, which may invoke versions of the refresher and
# write logs by a managed policy of AWS.
TRIGGER = "AWSCDKTriggerCustomResourceProvider"
# The CDK's function that protects the tables writes logs by a managed policy, too.
PROTECTION = "AWS679f53fac002430cb0da5b7982bd2287"
PROVIDERS = (TRIGGER, PROTECTION)

DYNAMODB = {
    "PipelineRecorderRole": {
        "StorageAllEvents": {"GetItem", "PutItem"},
        "StorageRepositories": {"ConditionCheckItem", "GetItem", "PutItem"},
    },
    "GitHubTasksRedeliveryRole": {"StorageConnections": {"GetItem", "PutItem"}},
    "MovesMoverRole": {
        "StorageAllEvents": {"GetItem", "PutItem", "Query"},
        "StorageRepositories": {
            *("ConditionCheckItem", "GetItem", "PutItem"),
            *("DescribeStream", "GetRecords", "GetShardIterator"),
        },
    },
    "GitHubTasksReconcilerRole": {
        "StorageAllEvents": {"BatchGetItem", "Query"},
        "StorageConnections": {"GetItem", "PutItem"},
        "StorageRepositories": {"BatchGetItem", "Scan"},
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
        "StorageRepositories": {"Query"},
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
HOOK_RANGES = ":parameter/gcsmttr/Gcsmttr/hook-ranges"
# Permissions except for tables and logs. Lambda reads queues and streams with the role of a
# function, so the CDK grants that to the function.
OTHERS = {
    "PipelineReceiverRole": {
        "PipelineBus": {"events:PutEvents"},
        "PipelineGitHubApps": {"secretsmanager:GetSecretValue"},
        "PipelineWebhookSecret": {"secretsmanager:GetSecretValue"},
    },
    "GitHubTasksRedeliveryRole": {
        "PipelineGitHubApps": {"secretsmanager:GetSecretValue"},
    },
    "GitHubTasksReconcilerRole": {
        "PipelineBus": {"events:PutEvents"},
        "PipelineGitHubApps": {"secretsmanager:GetSecretValue"},
    },
    "GitHubTasksReconciliationRole": {"GitHubTasksReconciler": {"lambda:InvokeFunction"}},
    "GitHubTasksReconciliationEventsRole": {
        "GitHubTasksReconciliation": {"states:StartExecution"},
    },
    "SourceAddressesAuthorizerRole": {HOOK_RANGES: {"ssm:GetParameter"}},
    "SourceAddressesRefresherRole": {
        HOOK_RANGES: {"ssm:GetParameter", "ssm:PutParameter"},
        "PipelineGitHubApps": {"secretsmanager:GetSecretValue"},
    },
    "PipelineRecordingEventsRole": {"PipelineRecording": {"states:StartExecution"}},
    "PipelineRecordingRole": {
        "PipelineRecorder": {"lambda:InvokeFunction"},
        "PipelineExecutionDeadLetters": {"sqs:SendMessage"},
    },
    "MovesMoverRole": {
        "MovesDeadLetters": {f"sqs:{action}" for action in SEND},
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


def test_no_action_has_a_wildcard(template: Template) -> None:
    actions = [action for _, found in statements(template) for action in listed(found["Action"])]

    assert actions
    assert not [action for action in actions if "*" in action]


def test_wildcard_resources_belong_to_actions_without_resources(template: Template) -> None:
    for name, statement in statements(template):
        if "*" in json.dumps(statement["Resource"]) and not name.startswith(PROVIDERS):
            assert statement["Resource"] == "*"
            assert set(listed(statement["Action"])) <= UNNARROWABLE.keys()


def test_no_role_has_a_managed_policy(template: Template) -> None:
    roles = template.find_resources("AWS::IAM::Role")
    with_policy = [
        name for name, role in roles.items() if "ManagedPolicyArns" in role["Properties"]
    ]

    assert not [name for name in with_policy if not name.startswith(PROVIDERS)]


def test_only_the_rule_may_send_to_a_queue_from_outside(template: Template) -> None:
    for name, statement in statements(template):
        # `test_stack` checks the policy of the topic of the alarms.
        if "Principal" in statement and statement["Action"] != "sns:Publish":
            assert statement["Principal"] == {"Service": "events.amazonaws.com"}
            assert statement["Action"] == "sqs:SendMessage"
            assert "DeliveryDeadLetters" in name
            assert "PipelineRule" in json.dumps(statement["Condition"]["ArnEquals"])


def test_each_role_has_only_its_table_permissions(template: Template) -> None:
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

    switches = [found.pop(role) for role in list(found) if role.startswith("Protection")]
    assert found == DYNAMODB
    assert all(list(rights.values()) == [{"UpdateTable"}] for rights in switches)


def test_each_role_has_only_its_other_permissions(template: Template) -> None:
    constructs = (
        "Pipeline",
        "Moves",
        "GitHubTasks",
        "SourceAddresses",
        "Rollups",
        "GraphqlApi",
        "Storage",
        "Gateway",
        HOOK_RANGES,
    )
    found: dict[str, dict[str, set[str]]] = {}
    for name, statement in statements(template):
        role, _, _ = name.partition("DefaultPolicy")
        actions = {
            action
            for action in listed(statement["Action"])
            if not action.startswith(("dynamodb:", "logs:"))
        }
        if "Principal" in statement or role.startswith(PROVIDERS) or not actions:
            continue
        for resource in listed(statement["Resource"]):
            (thing,) = (text for text in _names(resource) if text.startswith(constructs))
            # CloudFormation does not have the parameter, so its name ends without a hash.
            thing = thing if thing == HOOK_RANGES else thing[:-8]
            found.setdefault(role, {}).setdefault(thing, set()).update(actions)

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


def test_each_function_writes_only_its_own_log(template: Template) -> None:
    functions = template.find_resources("AWS::Lambda::Function")
    ours = {name: found for name, found in functions.items() if not name.startswith(PROVIDERS)}
    groups = {
        statement["Resource"]["Fn::GetAtt"][0]: name
        for name, statement in statements(template)
        if "logs:PutLogEvents" in listed(statement["Action"])
    }

    assert len(ours) == 14
    for function in ours.values():
        group = function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
        role = function["Properties"]["Role"]["Fn::GetAtt"][0]
        assert groups[group].startswith(role[:-8])
