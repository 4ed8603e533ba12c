"""The mover: the alerts of a repository follow its new name, and its deletion.

Owns its connection to the stream of Repositories, and what happens after failures. Lambda isolates
a failing record by bisecting its batch, and reports it to a queue of dead letters.
"""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.bundles.bundle import INGEST
from infra.constructs.dead_letters import dead_letter_queue
from infra.constructs.functions import Functions
from infra.constructs.rules import accept
from infra.constructs.storage import Storage

MOVER_BATCH = 10
MOVER_ATTEMPTS = 10
MOVER_TIMEOUT = Duration.minutes(5)


class Moves(Construct):
    """The mover, its event source and its dead letters."""

    def __init__(
        self, scope: Construct, name: str, *, functions: Functions, storage: Storage
    ) -> None:
        super().__init__(scope, name)
        self.dead_letters = dead_letter_queue(self, "DeadLetters")
        self.mover = functions.add(
            self,
            "Mover",
            bundle=INGEST,
            module="ingest.mover_handler",
            description="Moves alerts to the present name of their repository",
            environment={
                "ALL_EVENTS_TABLE": storage.all_events.table_name,
                "REPOSITORIES_TABLE": storage.repositories.table_name,
            },
            timeout_s=int(MOVER_TIMEOUT.to_seconds()),
        )
        self.mover.add_event_source(
            sources.DynamoEventSource(
                storage.repositories,
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
                batch_size=MOVER_BATCH,
                bisect_batch_on_error=True,
                retry_attempts=MOVER_ATTEMPTS,
                on_failure=sources.SqsDlq(self.dead_letters),
            )
        )
        accept(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            reason="ListStreams, which stream mappings need, has no resource.",
        )
