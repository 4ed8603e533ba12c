"""What one alarm watches."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

MINUTE, FIVE_MINUTES, HOUR = Duration.minutes(1), Duration.minutes(5), Duration.hours(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What one alarm watches: whether a metric reaches a threshold.

    Attributes:
        name: The key of its remedy.
        metric: With its period and its statistic.
        threshold: The value from which on the alarm is raised.
        periods: The periods in a row that must reach it.
        needs_data: Whether a period without data counts as one that reaches it.
    """

    name: str
    metric: cloudwatch.Metric
    threshold: int = 1
    periods: int = 1
    needs_data: bool = False


def errors_of(function: lambda_.Function) -> cloudwatch.Metric:
    """Return the failed calls of a function in five minutes."""
    return function.metric_errors(period=FIVE_MINUTES, statistic="Sum")


def throttles_of(function: lambda_.Function) -> cloudwatch.Metric:
    """Return the calls in five minutes that Lambda refused for lack of concurrency."""
    return function.metric_throttles(period=FIVE_MINUTES, statistic="Sum")
