"""The tasks that the stack runs with the credentials of connected GitHub Apps.

Owns the function that redelivers lost deliveries, and its schedule. Without a connected App, it
does nothing.
"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.bundles.bundle import GITHUB
from infra.constructs.functions import Functions, allow

EVERY = Duration.hours(1)
REDELIVERY_TIMEOUT = Duration.minutes(10)


class GitHubTasks(Construct):
    """The functions of `reconcile`; `connections_table` is the name of their table."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        functions: Functions,
        github_apps: secretsmanager.Secret,
        connections_table: str,
    ) -> None:
        super().__init__(scope, name)
        self.redelivery = functions.add(
            self,
            "Redelivery",
            bundle=GITHUB,
            module="reconcile.redelivery_handler",
            description="Asks GitHub to redeliver lost deliveries",
            environment={
                "GITHUB_APPS_SECRET_ID": github_apps.secret_arn,
                "CONNECTIONS_TABLE": connections_table,
            },
            timeout_s=int(REDELIVERY_TIMEOUT.to_seconds()),
        )
        allow(self.redelivery, ("secretsmanager:GetSecretValue",), github_apps.secret_arn)
        events.Rule(
            self,
            "RedeliverEveryHour",
            enabled=functions.config.github_schedules,
            schedule=events.Schedule.rate(EVERY),
            targets=[targets.LambdaFunction(self.redelivery)],
        )
