"""The two legs that turn rows of one level into sums of the next.

A leg is a stream, a forwarder, a FIFO queue and an applier.

Owns the wiring of a leg and what happens to what it cannot do. A stream record that keeps failing
is isolated by bisecting and told of in the leg's stream queue; a message that keeps failing goes to
the leg's FIFO dead-letter queue, and holds back its own group alone.
"""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.bundles import ROLLUP
from infra.dead_letters import dead_letter_queue, fifo_dead_letter_queue
from infra.functions import Functions, allow
from infra.storage import Storage

STREAM_BATCH = 1_000
STREAM_WINDOW = Duration.seconds(1)
STREAM_ATTEMPTS = 10
MESSAGES_PER_APPLIER = 10
RECEIVES_BEFORE_DEAD = 5
FORWARDER_TIMEOUT_S = 60
APPLIER_TIMEOUT_S = 20


class Leg(Construct):
    """One leg: the rows of `source` in, messages to an applier out."""

    def __init__(  # noqa: PLR0913
        self,
        scope: Construct,
        name: str,
        *,
        functions: Functions,
        source: dynamodb.Table,
        forwarder_module: str,
        queue_variable: str,
        applier_module: str,
        applier_environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, name)
        place = functions.config.place
        self.dead_letters = fifo_dead_letter_queue(self, "DeadLetters")
        self.stream_dead_letters = dead_letter_queue(self, "StreamDeadLetters")
        self.queue = sqs.Queue(
            self,
            "Queue",
            fifo=True,
            deduplication_scope=sqs.DeduplicationScope.MESSAGE_GROUP,
            fifo_throughput_limit=sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
            visibility_timeout=Duration.seconds(place.queue_visibility_s),
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=RECEIVES_BEFORE_DEAD
            ),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
        )
        forwarder = functions.add(
            self,
            "Forwarder",
            bundle=ROLLUP,
            module=forwarder_module,
            description=f"Sends changed rows on, grouped by {name.lower()}",
            environment={queue_variable: self.queue.queue_url},
            timeout_s=FORWARDER_TIMEOUT_S,
        )
        allow(forwarder, ("sqs:SendMessage",), self.queue.queue_arn)
        forwarder.add_event_source(
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
        self.applier = functions.add(
            self,
            "Applier",
            bundle=ROLLUP,
            module=applier_module,
            description=f"Adds changes to the overview rows of a {name.lower()}, exactly once",
            environment=applier_environment,
            timeout_s=APPLIER_TIMEOUT_S,
            memory_mb=1_024,
        )
        self.applier.add_event_source(
            sources.SqsEventSource(
                self.queue, batch_size=MESSAGES_PER_APPLIER, report_batch_item_failures=True
            )
        )


class Rollups(Construct):
    """The room of `rollup`: alerts to repositories, repositories to organisations."""

    def __init__(
        self, scope: Construct, name: str, *, functions: Functions, storage: Storage
    ) -> None:
        super().__init__(scope, name)
        tables = {
            "REPOSITORY_OVERVIEW_TABLE": storage.repository_overview.table_name,
            "LEDGER_TABLE": storage.ledger.table_name,
        }
        self.repository = Leg(
            self,
            "Repository",
            functions=functions,
            source=storage.all_events,
            forwarder_module="rollup.alert_stream_handler",
            queue_variable="REPOSITORY_QUEUE_URL",
            applier_module="rollup.repository_queue_handler",
            applier_environment=tables,
        )
        self.organisation = Leg(
            self,
            "Organisation",
            functions=functions,
            source=storage.repository_overview,
            forwarder_module="rollup.repository_stream_handler",
            queue_variable="ORGANISATION_QUEUE_URL",
            applier_module="rollup.organisation_queue_handler",
            applier_environment={
                **tables,
                "ORGANISATION_OVERVIEW_TABLE": storage.organisation_overview.table_name,
            },
        )
