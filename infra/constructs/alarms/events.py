"""What is watched between the event bus and the tables: executions, and all dead letters."""

from collections.abc import Iterator, Mapping

from aws_cdk import Fn
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as stepfunctions

from infra.constructs.alarms.watch import FIVE_MINUTES, MINUTE, Watch
from operations.remedies import dead_letters_lost, not_empty


def dead_letter_watches(queues: Mapping[str, sqs.Queue]) -> Iterator[Watch]:
    """Yield whether each dead-letter queue is empty."""
    for name, queue in queues.items():
        yield Watch(
            name=not_empty(name),
            metric=queue.metric_approximate_number_of_messages_visible(
                period=MINUTE, statistic="Maximum"
            ),
        )


def lost_dead_letter_watches(
    *, rule: events.Rule, bus: events.EventBus, handlers: Mapping[str, lambda_.Function]
) -> Iterator[Watch]:
    """Yield what could neither be processed nor put into the dead-letter queue of that name."""
    yield Watch(
        name=dead_letters_lost("DeliveryDeadLetterQueue"),
        metric=cloudwatch.Metric(
            namespace="AWS/Events",
            metric_name="InvocationsFailedToBeSentToDlq",
            # The reference of a rule on an event bus of its own also contains the name of the bus.
            dimensions_map={
                "EventBusName": bus.event_bus_name,
                "RuleName": Fn.select(2, Fn.split("/", rule.rule_arn)),
            },
            period=FIVE_MINUTES,
            statistic="Sum",
        ),
    )
    for queue, handler in handlers.items():
        yield Watch(
            name=dead_letters_lost(queue),
            metric=handler.metric(
                "DestinationDeliveryFailures", period=FIVE_MINUTES, statistic="Sum"
            ),
        )


def execution_watches(machine: stepfunctions.StateMachine) -> Iterator[Watch]:
    """Yield the executions that recorded nothing."""
    yield Watch(
        name="ExecutionsFailed", metric=machine.metric_failed(period=MINUTE, statistic="Sum")
    )
    yield Watch(
        name="ExecutionsTimedOut", metric=machine.metric_timed_out(period=MINUTE, statistic="Sum")
    )
