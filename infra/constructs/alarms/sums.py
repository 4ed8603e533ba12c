"""What is watched from the tables to the sums: how late they are, and failing handlers."""

from collections.abc import Iterator

from aws_cdk import aws_lambda as lambda_

from infra.config import Config
from infra.constructs.alarms.watch import FIVE_MINUTES, Watch, errors_of
from infra.constructs.rollups import Level, Rollups


def sums_watches(rollups: Rollups, mover: lambda_.Function, config: Config) -> Iterator[Watch]:
    """Yield the streams and queues of both levels and of the mover."""
    yield from _level_watches("Repositories", rollups.repository, config)
    yield from _level_watches("Organisations", rollups.organisation, config)
    yield _late_stream("Moves", mover, config)


def _level_watches(name: str, level: Level, config: Config) -> Iterator[Watch]:
    yield _late_stream(name, level.stream_handler, config)
    yield Watch(
        name=f"{name}QueueLate",
        metric=level.queue.metric_approximate_age_of_oldest_message(
            period=FIVE_MINUTES, statistic="Maximum"
        ),
        threshold=config.alarm_late_minutes * 60,
    )
    yield Watch(
        name=f"{name}QueueHandlerErrors",
        metric=errors_of(level.queue_handler),
        threshold=config.alarm_function_errors,
    )


def _late_stream(name: str, handler: lambda_.Function, config: Config) -> Watch:
    return Watch(
        name=f"{name}StreamLate",
        metric=handler.metric("IteratorAge", period=FIVE_MINUTES, statistic="Maximum"),
        threshold=config.alarm_late_minutes * 60_000,
    )
