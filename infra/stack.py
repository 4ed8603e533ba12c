"""The stack: composes the constructs, and grants each function the table permissions it needs."""

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.alarms.of_stack import add_alarms
from infra.constructs.api import (
    BADGES_PATH,
    DASHBOARD_PATH,
    GRAPHIQL_PATH,
    GRAPHQL_PATH,
    GraphqlApi,
)
from infra.constructs.dashboard import Dashboard
from infra.constructs.functions import Functions, allow
from infra.constructs.gateway import Gateway
from infra.constructs.github_tasks import GitHubTasks
from infra.constructs.log_query import LogQuery
from infra.constructs.moves import Moves
from infra.constructs.pipeline import WEBHOOK_PATH, Pipeline
from infra.constructs.protection import Protection
from infra.constructs.rollups import Rollups
from infra.constructs.rules import accept
from infra.constructs.source_addresses import SourceAddresses
from infra.constructs.storage import Storage, with_indexes
from infra.settings.deployment import STACK_TAG

_RECORD = ("dynamodb:GetItem", "dynamodb:PutItem")
_OBSERVE = (*_RECORD, "dynamodb:ConditionCheckItem")
_READ = ("dynamodb:BatchGetItem",)
# A row that shrinks loses parts; other items are never deleted.
_APPLY = (*_READ, "dynamodb:DeleteItem", "dynamodb:PutItem")
_QUERY = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan")


class GcsmttrStack(Stack):
    """Everything from the webhook to the GraphQL API."""

    def __init__(self, scope: Construct, name: str, *, functions: Functions) -> None:
        config = functions.config
        super().__init__(
            scope,
            name,
            description="How fast code scanning alerts are remediated, over GraphQL",
            env=Environment(account=config.account, region=config.region),
            tags={**config.tags, STACK_TAG: config.stack_name},
            termination_protection=config.termination_protection,
        )
        self._config = config
        self._storage = Storage(self, "Storage", config=functions.config)
        self._gateway = Gateway(self, "Gateway", functions=functions)
        self._addresses = SourceAddresses(self, "SourceAddresses", functions=functions)
        self._pipeline = Pipeline(
            self,
            "Pipeline",
            functions=functions,
            gateway=self._gateway,
            addresses=self._addresses,
            all_events_table=self._storage.all_events.table_name,
            repositories_table=self._storage.repositories.table_name,
        )
        self._addresses.add_refresher(self._pipeline.github_apps)
        self._moves = Moves(self, "Moves", functions=functions, storage=self._storage)
        self._rollups = Rollups(self, "Rollups", functions=functions, storage=self._storage)
        self._api = GraphqlApi(
            self,
            "GraphqlApi",
            functions=functions,
            gateway=self._gateway,
            tables={
                "ALL_EVENTS_TABLE": self._storage.all_events.table_name,
                "REPOSITORY_OVERVIEW_TABLE": self._storage.repository_overview.table_name,
                "ORGANISATION_OVERVIEW_TABLE": self._storage.organisation_overview.table_name,
                "REPOSITORIES_TABLE": self._storage.repositories.table_name,
                "ACCESS_KEYS_TABLE": self._storage.access_keys.table_name,
            },
        )
        self._github_tasks = GitHubTasks(
            self,
            "GitHubTasks",
            functions=functions,
            pipeline=self._pipeline,
            tables={
                "ALL_EVENTS_TABLE": self._storage.all_events.table_name,
                "REPOSITORIES_TABLE": self._storage.repositories.table_name,
                "CONNECTIONS_TABLE": self._storage.connections.table_name,
            },
        )
        self._grant()
        dead_letters = {
            "DeliveryDeadLetterQueue": self._pipeline.delivery_dead_letters,
            "ExecutionDeadLetterQueue": self._pipeline.execution_dead_letters,
            "MoverDeadLetterQueue": self._moves.dead_letters,
            "AlertStreamDeadLetterQueue": self._rollups.repository.stream_dead_letters,
            "RepositoryDeadLetterQueue": self._rollups.repository.dead_letters,
            "RepositoryStreamDeadLetterQueue": self._rollups.organisation.stream_dead_letters,
            "OrganisationDeadLetterQueue": self._rollups.organisation.dead_letters,
        }
        add_alarms(
            self,
            gateway=self._gateway,
            addresses=self._addresses,
            pipeline=self._pipeline,
            moves=self._moves,
            rollups=self._rollups,
            api=self._api,
            github_tasks=self._github_tasks,
            dead_letters=dead_letters,
            config=config,
        )
        if config.dashboard:
            Dashboard(
                self,
                "Dashboard",
                gateway=self._gateway,
                pipeline=self._pipeline,
                rollups=self._rollups,
                api=self._api,
                dead_letters=dead_letters,
                config=config,
            )
        if config.target.has_saved_log_queries:
            groups = [one for one in self.node.find_all() if isinstance(one, logs.LogGroup)]
            LogQuery(self, "LogQuery", groups=groups, stack_name=config.stack_name)
        accept(
            self,
            "Serverless-SNSRedrivePolicy",
            reason="SNS repeats e-mails, and CloudWatch shows the alarms without them.",
        )
        if functions.config.deletion_protection and functions.config.target.has_custom_resources:
            Protection(self, "Protection", functions=functions, tables=self._storage.tables)
        self._add_outputs({f"{queue}Url": dead_letters[queue].queue_url for queue in dead_letters})

    def _grant(self) -> None:
        storage, api = self._storage, self._api
        repository, organisation = self._rollups.repository, self._rollups.organisation
        repository_rows = storage.repository_overview.table_arn
        organisation_rows = storage.organisation_overview.table_arn
        ledger = storage.ledger.table_arn
        allow(self._pipeline.recorder, _RECORD, storage.all_events.table_arn)
        allow(self._pipeline.recorder, _OBSERVE, storage.repositories.table_arn)
        allow(self._moves.mover, (*_RECORD, "dynamodb:Query"), storage.all_events.table_arn)
        allow(self._moves.mover, _OBSERVE, storage.repositories.table_arn)
        allow(repository.queue_handler, _APPLY, repository_rows, ledger)
        allow(organisation.queue_handler, _APPLY, organisation_rows, ledger)
        allow(organisation.queue_handler, _READ, repository_rows)
        for table in (
            storage.all_events,
            storage.repository_overview,
            storage.organisation_overview,
        ):
            allow(api.query, _QUERY, *with_indexes(table))
        _, *indexes_of_repositories = with_indexes(storage.repositories)
        allow(api.query, ("dynamodb:Query",), *indexes_of_repositories)
        allow(api.query, ("dynamodb:GetItem",), storage.access_keys.table_arn)
        tasks = self._github_tasks
        allow(tasks.redelivery, _RECORD, storage.connections.table_arn)
        allow(tasks.reconciler, _RECORD, storage.connections.table_arn)
        allow(
            tasks.reconciler,
            ("dynamodb:BatchGetItem", "dynamodb:Query"),
            storage.all_events.table_arn,
        )
        allow(
            tasks.reconciler,
            ("dynamodb:BatchGetItem", "dynamodb:Scan"),
            storage.repositories.table_arn,
        )

    def _add_outputs(self, dead_letter_queue_urls: dict[str, str]) -> None:
        storage, pipeline, rollups = self._storage, self._pipeline, self._rollups
        outputs = {
            "HttpApiId": self._gateway.api.api_id,
            "WebhookUrl": self._gateway.url(WEBHOOK_PATH),
            "GraphqlUrl": self._gateway.url(GRAPHQL_PATH),
            "WebhookSecretId": pipeline.secret.secret_arn,
            "GitHubAppsSecretId": pipeline.github_apps.secret_arn,
            "EventBusName": pipeline.bus.event_bus_name,
            "EventBusArn": pipeline.bus.event_bus_arn,
            "EventArchiveName": pipeline.archive_name,
            **self._addresses.outputs,
            "StateMachineArn": pipeline.machine.state_machine_arn,
            "RecorderFunction": pipeline.recorder.function_name,
            "MoverFunction": self._moves.mover.function_name,
            "RedeliveryFunction": self._github_tasks.redelivery.function_name,
            "ReconciliationArn": self._github_tasks.machine.state_machine_arn,
            "AllEventsTable": storage.all_events.table_name,
            "RepositoryOverviewTable": storage.repository_overview.table_name,
            "OrganisationOverviewTable": storage.organisation_overview.table_name,
            "RepositoriesTable": storage.repositories.table_name,
            "LedgerTable": storage.ledger.table_name,
            "AccessKeysTable": storage.access_keys.table_name,
            "ConnectionsTable": storage.connections.table_name,
            "KeepActors": str(self._config.keep_actors).lower(),
            "ReconcileHours": str(self._config.reconcile_hours),
            "RepositoryQueueUrl": rollups.repository.queue.queue_url,
            "OrganisationQueueUrl": rollups.organisation.queue.queue_url,
            **dead_letter_queue_urls,
        }
        if self._config.dashboard_page:
            outputs["DashboardUrl"] = self._gateway.url(DASHBOARD_PATH)
        if self._config.graphiql:
            outputs["GraphiqlUrl"] = self._gateway.url(GRAPHIQL_PATH)
        if self._config.badges:
            outputs["BadgesUrl"] = self._gateway.url(BADGES_PATH)
        if self._gateway.domain is not None:
            outputs["DomainTarget"] = self._gateway.domain.target
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
