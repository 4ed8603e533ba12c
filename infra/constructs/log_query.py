"""The saved query of CloudWatch Logs Insights that follows one alert through all logs.

Owns its text. `docs/operating.md` describes how to use it.
"""

from collections.abc import Iterable

from aws_cdk import aws_logs as logs
from constructs import Construct

PLACEHOLDER = "0b989ba4-242f-11e5-81e1-0242ac130003"
"""The id that the operator replaces. It is the example of GitHub's documentation."""

FOLLOW = (
    "fields @timestamp, service, message, outcome, new, @message",
    f'filter @message like "{PLACEHOLDER}"',
    "sort @timestamp",
)


class LogQuery(Construct):
    """The query over all log groups of the stack; `stack_name` is the folder of its name."""

    def __init__(
        self, scope: Construct, name: str, *, groups: Iterable[logs.LogGroup], stack_name: str
    ) -> None:
        super().__init__(scope, name)
        logs.CfnQueryDefinition(
            self,
            "FollowAnAlert",
            name=f"{stack_name}/Follow an alert",
            query_string="\n| ".join(FOLLOW),
            log_group_names=[group.log_group_name for group in groups],
        )
