"""Composes the alarms of the stack from its other constructs."""

from collections.abc import Mapping

from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.config import Config
from infra.constructs.alarms.alarms import Alarms
from infra.constructs.alarms.events import (
    dead_letter_watches,
    execution_watches,
    lost_dead_letter_watches,
)
from infra.constructs.alarms.github import github_watches
from infra.constructs.alarms.queries import query_watches
from infra.constructs.alarms.sums import sums_watches
from infra.constructs.alarms.webhook import webhook_watches
from infra.constructs.api import GraphqlApi
from infra.constructs.gateway import Gateway
from infra.constructs.github_tasks import GitHubTasks
from infra.constructs.moves import Moves
from infra.constructs.pipeline import Pipeline
from infra.constructs.rollups import Rollups
from infra.constructs.source_addresses import SourceAddresses


def add_alarms(  # noqa: PLR0913
    scope: Construct,
    *,
    gateway: Gateway,
    addresses: SourceAddresses,
    pipeline: Pipeline,
    moves: Moves,
    rollups: Rollups,
    api: GraphqlApi,
    github_tasks: GitHubTasks,
    dead_letters: Mapping[str, sqs.Queue],
    config: Config,
) -> None:
    """Add all alarms; `dead_letters` are the dead-letter queues by their names."""
    Alarms(
        scope,
        "Alarms",
        deliveries=webhook_watches(
            gateway,
            gateway=gateway,
            receiver=pipeline.receiver,
            authorizer=addresses.authorizer_function,
            has_refresher=addresses.refresher is not None,
            config=config,
        ),
        others=(
            *dead_letter_watches(dead_letters),
            *lost_dead_letter_watches(
                rule=pipeline.rule,
                bus=pipeline.bus,
                handlers={
                    "AlertStreamDeadLetterQueue": rollups.repository.stream_handler,
                    "RepositoryStreamDeadLetterQueue": rollups.organisation.stream_handler,
                    "MoverDeadLetterQueue": moves.mover,
                },
            ),
            *execution_watches(pipeline.machine),
            *sums_watches(rollups, moves.mover, config),
            *query_watches(gateway, api.query, config),
            *github_watches(github_tasks, config),
        ),
        config=config,
    )
