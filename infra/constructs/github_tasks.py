"""The tasks that the stack runs with the credentials of connected GitHub Apps.

Owns the function that redelivers lost deliveries, the state machine that reconciles and its
function, and their schedules. Without a connected App, they do nothing.
"""

from collections.abc import Mapping

from aws_cdk import Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra.bundles.bundle import GITHUB
from infra.constructs.functions import Functions, allow
from infra.constructs.pipeline import Pipeline
from infra.constructs.reconciling import STEP_TIMEOUT_S, definition
from infra.constructs.rules import NOT_TRACED, TRACING, accept
from reconcile.scans.runs import Task

EVERY = Duration.hours(1)
WEEKLY = events.Schedule.cron(week_day="SUN", hour="3", minute="17")
REDELIVERY_TIMEOUT = Duration.minutes(10)


class GitHubTasks(Construct):
    """The functions of `reconcile`. `tables` has the names of their tables by their variables."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        functions: Functions,
        pipeline: Pipeline,
        tables: Mapping[str, str],
    ) -> None:
        super().__init__(scope, name)
        self._functions = functions
        apps = pipeline.github_apps
        self.redelivery = functions.add(
            self,
            "Redelivery",
            bundle=GITHUB,
            module="reconcile.redelivery_handler",
            description="Asks GitHub to redeliver lost deliveries",
            environment={
                "GITHUB_APPS_SECRET_ID": apps.secret_arn,
                "CONNECTIONS_TABLE": tables["CONNECTIONS_TABLE"],
            },
            timeout_s=int(REDELIVERY_TIMEOUT.to_seconds()),
        )
        self.reconciler = functions.add(
            self,
            "Reconciler",
            bundle=GITHUB,
            module="reconcile.workflow_handler",
            description="Compares pages of GitHub's alerts with the stored ones",
            environment={
                **tables,
                "GITHUB_APPS_SECRET_ID": apps.secret_arn,
                "EVENT_BUS_NAME": pipeline.bus.event_bus_name,
                "KEEP_ACTORS": str(functions.config.keep_actors).lower(),
                **functions.metrics,
            },
            timeout_s=STEP_TIMEOUT_S,
        )
        for function in (self.redelivery, self.reconciler):
            allow(function, ("secretsmanager:GetSecretValue",), apps.secret_arn)
        allow(self.reconciler, ("events:PutEvents",), pipeline.bus.event_bus_arn)
        self.machine = stepfunctions.StateMachine(
            self,
            "Reconciliation",
            comment="Compares the stored alerts with GitHub's",
            state_machine_type=stepfunctions.StateMachineType.STANDARD,
            tracing_enabled=functions.config.tracing or None,
            definition_body=stepfunctions.DefinitionBody.from_string(
                Stack.of(self).to_json_string(
                    definition(
                        function_arn=self.reconciler.function_arn,
                        partition=Stack.of(self).partition,
                    )
                )
            ),
        )
        accept(
            self.machine,
            "AwsSolutions-SF1",
            reason="A standard execution keeps its history for 90 days.",
        )
        accept(self.machine, *TRACING, reason=NOT_TRACED)
        allow(self.machine, ("lambda:InvokeFunction",), self.reconciler.function_arn)
        every_hour = events.Schedule.rate(EVERY)
        self._schedule("RedeliverEveryHour", every_hour, targets.LambdaFunction(self.redelivery))
        hours = functions.config.reconcile_hours
        self._schedule(
            "ReconcileChanges", events.Schedule.rate(Duration.hours(hours)), self._run(Task.HOURLY)
        )
        self._schedule("ReconcileEveryWeek", WEEKLY, self._run(Task.WEEKLY))

    def _run(self, task: Task) -> events.IRuleTarget:
        # The hourly run leaves its turn to an active one. The weekly one waits for it.
        run = {"task": task.value, "waits": task is Task.WEEKLY}
        return targets.SfnStateMachine(self.machine, input=events.RuleTargetInput.from_object(run))

    def _schedule(self, name: str, schedule: events.Schedule, target: events.IRuleTarget) -> None:
        rule = events.Rule(
            self,
            name,
            enabled=self._functions.config.github_schedules,
            schedule=schedule,
            targets=[target],
        )
        accept(rule, "Serverless-EventBusDLQ", reason="The next run continues where it stopped.")
