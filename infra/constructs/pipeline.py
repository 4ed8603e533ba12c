"""The pipeline from GitHub's delivery to the recorder: receiver, event bus and state machine.

Owns the webhook's route and its secrets, the bus with its archive and rule, and two dead-letter
queues: for events that the bus cannot deliver, and for executions that fail.
"""

from aws_cdk import Duration, SecretValue, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra.bundles.bundle import INGEST
from infra.config import Config
from infra.constructs.dead_letters import dead_letter_queue
from infra.constructs.functions import Functions, allow
from infra.constructs.gateway import Gateway
from infra.constructs.retention import retention
from infra.constructs.rules import NOT_TRACED, TRACING, accept
from infra.constructs.source_addresses import SourceAddresses
from infra.constructs.state_machine import RECORDER_TIMEOUT_S, definition
from ingest.events.alert_detail import DETAIL_TYPE, SOURCE
from ingest.events.repository_event import DETAIL_TYPE as REPOSITORY_DETAIL_TYPE
from ingest.webhooks.connected_apps import NO_APPS

WEBHOOK_PATH = "/github/webhook"
WEBHOOK_ROUTE = f"POST {WEBHOOK_PATH}"
WEBHOOKS_PER_SECOND = 1_000
WEBHOOK_BURST = 1_250
"""Far above GitHub's bursts, which are as many deliveries as an analysis changes alerts. No region
of AWS permits an account a smaller burst.
"""
DELIVER_FOR = Duration.hours(24)
DELIVERY_ATTEMPTS = 185


class Pipeline(Construct):
    """The functions of `ingest`; `all_events_table` is the name of the recorder's table."""

    def __init__(  # noqa: PLR0913
        self,
        scope: Construct,
        name: str,
        *,
        functions: Functions,
        gateway: Gateway,
        addresses: SourceAddresses,
        all_events_table: str,
        repositories_table: str,
    ) -> None:
        super().__init__(scope, name)
        self.secret = secretsmanager.Secret(
            self,
            "WebhookSecret",
            description="The secret to enter in GitHub's webhook settings",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=64, exclude_punctuation=True
            ),
        )
        # CloudFormation writes this text once, since it does not change from one version of the
        # stack to the next: the Apps that are connected later stay.
        self.github_apps = secretsmanager.Secret(
            self,
            "GitHubApps",
            description="The connected GitHub Apps with their keys; gcsmttr connect adds to them",
            secret_string_value=SecretValue.unsafe_plain_text(NO_APPS),
        )
        for secret in (self.secret, self.github_apps):
            accept(
                secret,
                "AwsSolutions-SMG4",
                reason="GitHub has the same value, and only its user can change it there.",
            )
        self.bus = events.EventBus(self, "Bus", description="Events about alerts and repositories")
        self.archive_name = self._archive(functions.config)
        self.receiver = self._receive(functions, gateway, addresses)
        self.recorder = functions.add(
            self,
            "Recorder",
            bundle=INGEST,
            module="ingest.recorder_handler",
            description="Adds one event to its alert's row",
            environment={
                "ALL_EVENTS_TABLE": all_events_table,
                "REPOSITORIES_TABLE": repositories_table,
                "UNKNOWN_CHANGES_DAYS": str(functions.config.unknown_changes_days),
                **functions.metrics,
            },
            timeout_s=RECORDER_TIMEOUT_S,
        )
        self.execution_dead_letters = dead_letter_queue(self, "ExecutionDeadLetters")
        self.machine = self._machine(functions)
        self.delivery_dead_letters = dead_letter_queue(self, "DeliveryDeadLetters")
        self.rule = events.Rule(
            self,
            "Rule",
            description="Sends every event to the state machine",
            event_bus=self.bus,
            event_pattern=events.EventPattern(
                source=[SOURCE], detail_type=[DETAIL_TYPE, REPOSITORY_DETAIL_TYPE]
            ),
            targets=[
                targets.SfnStateMachine(
                    self.machine,
                    dead_letter_queue=self.delivery_dead_letters,
                    max_event_age=DELIVER_FOR,
                    retry_attempts=DELIVERY_ATTEMPTS,
                )
            ],
        )

    def _archive(self, config: Config) -> str:
        """Return the name of the archive, after adding it if CloudFormation can make it."""
        if not config.target.has_event_archive:
            return f"{config.stack_name}-events"
        archive = self.bus.archive(
            "Archive",
            description="All events, for replays",
            event_pattern=events.EventPattern(source=[SOURCE]),
            retention=Duration.days(config.archive_days),
        )
        archive.apply_removal_policy(retention(config))
        # A bus that still has an archive cannot be deleted.
        self.bus.apply_removal_policy(retention(config))
        return archive.archive_name

    def _receive(
        self, functions: Functions, gateway: Gateway, addresses: SourceAddresses
    ) -> lambda_.Function:
        receiver = functions.add(
            self,
            "Receiver",
            bundle=INGEST,
            module="ingest.receiver_handler",
            description="Checks a delivery's signature and puts its event on the bus",
            environment={
                "WEBHOOK_SECRET_ID": self.secret.secret_arn,
                "GITHUB_APPS_SECRET_ID": self.github_apps.secret_arn,
                "EVENT_BUS_NAME": self.bus.event_bus_name,
                "KEEP_ACTORS": str(functions.config.keep_actors).lower(),
                **functions.metrics,
            },
            reserved_concurrency=functions.config.webhook_concurrency,
        )
        allow(receiver, ("secretsmanager:GetSecretValue",), self.secret.secret_arn)
        allow(receiver, ("secretsmanager:GetSecretValue",), self.github_apps.secret_arn)
        allow(receiver, ("events:PutEvents",), self.bus.event_bus_arn)
        routes = gateway.api.add_routes(
            path=WEBHOOK_PATH,
            methods=[apigateway.HttpMethod.POST],
            integration=integrations.HttpLambdaIntegration("Receiver", receiver),
            authorizer=addresses.authorizer,
        )
        gateway.limit_apart(
            WEBHOOK_ROUTE,
            routes,
            apigateway.ThrottleSettings(rate_limit=WEBHOOKS_PER_SECOND, burst_limit=WEBHOOK_BURST),
        )
        return receiver

    def _machine(self, functions: Functions) -> stepfunctions.StateMachine:
        asl = definition(
            recorder_arn=self.recorder.function_arn,
            dead_letter_queue_url=self.execution_dead_letters.queue_url,
            throttled_as=functions.config.target.throttled_as,
            partition=Stack.of(self).partition,
        )
        machine = stepfunctions.StateMachine(
            self,
            "Recording",
            comment="Takes one event to the recorder",
            state_machine_type=stepfunctions.StateMachineType.EXPRESS,
            definition_body=stepfunctions.DefinitionBody.from_string(
                Stack.of(self).to_json_string(asl)
            ),
            tracing_enabled=functions.config.tracing or None,
            logs=stepfunctions.LogOptions(
                destination=functions.log_group(self, "RecordingLog", vended_by="states"),
                level=stepfunctions.LogLevel.ERROR,
                include_execution_data=True,
            ),
        )
        allow(machine, ("lambda:InvokeFunction",), self.recorder.function_arn)
        allow(machine, ("sqs:SendMessage",), self.execution_dead_letters.queue_arn)
        accept(
            machine,
            "AwsSolutions-SF1",
            reason="Only failures are logged: a log of each step costs more than the execution.",
        )
        accept(
            machine,
            "AwsSolutions-IAM5[Resource::*]",
            reason="CloudWatch Logs has no resource for log deliveries.",
        )
        accept(machine, *TRACING, reason=NOT_TRACED)
        return machine
