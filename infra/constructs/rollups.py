"""The two levels of the rollup, each from the rows of one table to the sums in the next.

A level consists of a stream handler, a FIFO queue and a queue handler.

Owns the connections of a level, and what happens after failures. Lambda isolates a failing stream
record by bisecting its batch, and reports it to the level's queue of stream dead letters. A failing
message goes to the level's FIFO dead-letter queue, and delays only its own group.
"""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.bundles.bundle import ROLLUP
from infra.constructs.dead_letters import dead_letter_queue, fifo_dead_letter_queue
from infra.constructs.functions import Functions, allow
from infra.constructs.rules import accept
from infra.constructs.storage import Storage

STREAM_BATCH = 1_000
STREAM_WINDOW = Duration.seconds(1)
STREAM_ATTEMPTS = 10
QUEUE_BATCH = 10
RECEIVES_BEFORE_DEAD = 5
STREAM_HANDLER_TIMEOUT_S = 60
QUEUE_HANDLER_TIMEOUT_S = 20


class Level(Construct):
    """One level: changed rows of `source` become messages, and messages become sums."""

    def __init__(  # noqa: PLR0913
        self,
        scope: Construct,
        name: str,
        *,
        functions: Functions,
        source: dynamodb.ITable,
        stream_handler_module: str,
        queue_variable: str,
        queue_handler_module: str,
        queue_handler_environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, name)
        target = functions.config.target
        self.dead_letters = fifo_dead_letter_queue(self, "DeadLetters")
        self.stream_dead_letters = dead_letter_queue(self, "StreamDeadLetters")
        self.queue = sqs.Queue(
            self,
            "Queue",
            fifo=True,
            deduplication_scope=sqs.DeduplicationScope.MESSAGE_GROUP,
            fifo_throughput_limit=sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
            visibility_timeout=Duration.seconds(target.queue_visibility_s),
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=RECEIVES_BEFORE_DEAD
            ),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
        )
        self.stream_handler = functions.add(
            self,
            _construct_id(stream_handler_module),
            bundle=ROLLUP,
            module=stream_handler_module,
            description=f"Sends changed rows to a queue, grouped by {name.lower()}",
            environment={queue_variable: self.queue.queue_url},
            timeout_s=STREAM_HANDLER_TIMEOUT_S,
        )
        allow(self.stream_handler, ("sqs:SendMessage",), self.queue.queue_arn)
        self.stream_handler.add_event_source(
            sources.DynamoEventSource(
                source,
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
                batch_size=STREAM_BATCH,
                max_batching_window=STREAM_WINDOW,
                bisect_batch_on_error=True,
                retry_attempts=STREAM_ATTEMPTS,
                on_failure=sources.SqsDlq(self.stream_dead_letters),
            )
        )
        self.queue_handler = functions.add(
            self,
            _construct_id(queue_handler_module),
            bundle=ROLLUP,
            module=queue_handler_module,
            description=f"Adds changes to the overview rows of a {name.lower()}, exactly once",
            environment={**queue_handler_environment, **functions.metrics},
            timeout_s=QUEUE_HANDLER_TIMEOUT_S,
            memory_mb=1_024,
        )
        self.queue_handler.add_event_source(
            sources.SqsEventSource(
                self.queue,
                batch_size=QUEUE_BATCH,
                max_concurrency=functions.config.queue_handlers,
                report_batch_item_failures=True,
            )
        )

        accept(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            reason="ListStreams, which stream mappings need, has no resource.",
        )
        accept(
            self.queue_handler,
            "Serverless-LambdaEventSourceMappingDestination",
            reason="Lambda has no destinations for SQS; the queue has a queue of dead letters.",
        )


class Rollups(Construct):
    """The functions of `rollup`: from alerts to repositories, and from those to organisations."""

    def __init__(
        self, scope: Construct, name: str, *, functions: Functions, storage: Storage
    ) -> None:
        super().__init__(scope, name)
        tables = {
            "REPOSITORY_OVERVIEW_TABLE": storage.repository_overview.table_name,
            "LEDGER_TABLE": storage.ledger.table_name,
        }
        self.repository = Level(
            self,
            "Repository",
            functions=functions,
            source=storage.all_events,
            stream_handler_module="rollup.alert_stream_handler",
            queue_variable="REPOSITORY_QUEUE_URL",
            queue_handler_module="rollup.repository_queue_handler",
            queue_handler_environment=tables,
        )
        self.organisation = Level(
            self,
            "Organisation",
            functions=functions,
            source=storage.repository_overview,
            stream_handler_module="rollup.repository_stream_handler",
            queue_variable="ORGANISATION_QUEUE_URL",
            queue_handler_module="rollup.organisation_queue_handler",
            queue_handler_environment={
                **tables,
                "ORGANISATION_OVERVIEW_TABLE": storage.organisation_overview.table_name,
            },
        )


def _construct_id(module: str) -> str:
    """Return the id of a function: `AlertStreamHandler` for `rollup.alert_stream_handler`."""
    return module.rpartition(".")[2].title().replace("_", "")
