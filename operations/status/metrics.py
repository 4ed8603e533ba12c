"""The age of the oldest message of a queue, which only CloudWatch knows."""

from datetime import datetime, timedelta

from operations.aws import CloudWatch

_WINDOW = timedelta(minutes=15)
_PERIOD_S = 60


def oldest_message(client: CloudWatch, queue_name: str, *, now: datetime) -> timedelta | None:
    """Return the newest reported age of a queue's oldest message, None if there is none."""
    response = client.get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=[{"Name": "QueueName", "Value": queue_name}],
        StartTime=now - _WINDOW,
        EndTime=now,
        Period=_PERIOD_S,
        Statistics=["Maximum"],
    )
    points = response.get("Datapoints", [])
    if not points:
        return None
    newest = max(points, key=lambda one: one["Timestamp"])
    return timedelta(seconds=newest["Maximum"])
