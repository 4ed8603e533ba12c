"""Protects the tables from deletion, as the last step of a deployment.

Owns only this switch. A table that is protected from its creation would block the rollback of a
first deployment that fails, and would stay. So CloudFormation creates tables without protection,
and switches it on when everything else exists. When the stack is deleted, the tables stay, without
protection.
"""

from collections.abc import Sequence

from aws_cdk import Stack, custom_resources
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.functions import Functions
from infra.constructs.rules import TRACING, accept

_PROVIDER = "AWS679f53fac002430cb0da5b7982bd2287"
"""The id of the function with which the CDK calls AWS."""
_MANAGED_POLICY = (
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role"
    "/AWSLambdaBasicExecutionRole]"
)


class Protection(Construct):
    """The protection of the tables. Add it to the stack after all other constructs."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        functions: Functions,
        tables: Sequence[dynamodb.ITable],
    ) -> None:
        others = list(Stack.of(scope).node.children)
        super().__init__(scope, name)
        log_group = functions.log_group(self, "Log")
        first = None
        for table in tables:
            switch = self._switch(table, log_group)
            switch.node.add_dependency(*([first] if first else others))
            first = first or switch
        provider = Stack.of(self).node.find_child(_PROVIDER)
        rules = ("Serverless-LambdaDLQ", "Serverless-LambdaDefaultMemorySize", _MANAGED_POLICY)
        accept(
            provider,
            *rules,
            *TRACING,
            reason="The CDK makes this function; only deployments call it.",
        )

    def _switch(
        self, table: dynamodb.ITable, log_group: logs.ILogGroup
    ) -> custom_resources.AwsCustomResource:
        return custom_resources.AwsCustomResource(
            self,
            table.node.id,
            on_update=_call(table, protects=True),
            on_delete=_call(table, protects=False),
            policy=custom_resources.AwsCustomResourcePolicy.from_sdk_calls(
                resources=[table.table_arn]
            ),
            install_latest_aws_sdk=False,
            log_group=log_group,
        )


def _call(table: dynamodb.ITable, *, protects: bool) -> custom_resources.AwsSdkCall:
    return custom_resources.AwsSdkCall(
        service="dynamodb",
        action="updateTable",
        parameters={"TableName": table.table_name, "DeletionProtectionEnabled": protects},
        physical_resource_id=custom_resources.PhysicalResourceId.of(table.table_name),
        # A table can be deleted by hand before its stack.
        ignore_error_codes_matching=None if protects else "ResourceNotFoundException",
        output_paths=["TableDescription.TableName"],
    )
