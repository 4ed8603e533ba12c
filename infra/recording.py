"""The state machine that takes one event from the bus to the recorder, in Amazon States Language.

Owns which actions are recorded, how often, and where a failure goes. An event that closes or
reopens an alert may have overtaken the alert's creation: while the recorder does not know the alert
it is asked again for a few seconds, then the execution ends without entering it.
"""

from collections.abc import Iterable
from typing import Any

from ingest.terms import Action

ENTERING = (Action.CREATED, Action.APPEARED_IN_BRANCH, Action.RECONCILED)
CHANGING = (Action.FIXED, Action.CLOSED_BY_USER, Action.REOPENED, Action.REOPENED_BY_USER)
PAUSES_S = (1, 2, 3)
"""How long to wait for the creation of an alert before each further attempt."""

RECORDER_TIMEOUT_S = 20

_RETRY = {
    "ErrorEquals": ["States.ALL"],
    "IntervalSeconds": 1,
    "BackoffRate": 2,
    "MaxAttempts": 4,
    "MaxDelaySeconds": 8,
    "JitterStrategy": "FULL",
}
_EVENT = "$states.context.Execution.Input"


def _retry_throttles(error: str) -> dict[str, Any]:
    """Patience with a recorder that is busy: nothing failed, so it does not use up the retries."""
    return {
        "ErrorEquals": [error],
        "IntervalSeconds": 1,
        "BackoffRate": 1.5,
        "MaxAttempts": 20,
        "MaxDelaySeconds": 5,
        "JitterStrategy": "FULL",
    }


def definition(
    *, recorder_arn: str, dead_letter_queue_url: str, throttled_as: str
) -> dict[str, Any]:
    """The definition, to be written as JSON; `throttled_as` names the error of a busy recorder."""
    return {
        "Comment": "Records one AlertEvent, waiting a little for an alert that is not known yet",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": 280,
        "StartAt": "Which action",
        "States": {
            "Which action": {
                "Type": "Choice",
                "Choices": [
                    {"Condition": _is_one_of(ENTERING), "Next": "Enter"},
                    {
                        "Condition": _is_one_of(CHANGING),
                        "Assign": {"attempts": 0},
                        "Next": "Change",
                    },
                ],
                "Default": "Nothing to record",
            },
            "Enter": _record(recorder_arn, throttled_as=throttled_as, following="Recorded"),
            "Change": _record(recorder_arn, throttled_as=throttled_as, following="Is it known")
            | {
                "Assign": {
                    "attempts": "{% $attempts + 1 %}",
                    "outcome": "{% $states.result.Payload.outcome %}",
                }
            },
            "Is it known": {
                "Type": "Choice",
                "Choices": [
                    {"Condition": "{% $outcome != 'unknown' %}", "Next": "Recorded"},
                    {
                        "Condition": f"{{% $attempts > {len(PAUSES_S)} %}}",
                        "Next": "Left without entering",
                    },
                ],
                "Default": "Wait for its creation",
            },
            "Wait for its creation": {
                "Type": "Wait",
                "Seconds": f"{{% {list(PAUSES_S)}[$attempts - 1] %}}",
                "Next": "Change",
            },
            "Recorded": {"Type": "Succeed"},
            "Left without entering": {"Type": "Succeed"},
            "Nothing to record": {"Type": "Succeed"},
            "Set aside": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage",
                "Arguments": {
                    "QueueUrl": dead_letter_queue_url,
                    "MessageBody": f"{{% $string({{'event': {_EVENT}, 'error': $failure}}) %}}",
                },
                "Retry": [_RETRY],
                "Next": "Failed",
            },
            "Failed": {
                "Type": "Fail",
                "Error": "{% $failure.Error %}",
                "Cause": "The event is in the dead-letter queue",
            },
        },
    }


def _record(recorder_arn: str, *, throttled_as: str, following: str) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": recorder_arn, "Payload": f"{{% {_EVENT}.detail %}}"},
        "TimeoutSeconds": RECORDER_TIMEOUT_S + 5,
        "Retry": [_retry_throttles(throttled_as), _RETRY],
        "Catch": [
            {
                "ErrorEquals": ["States.ALL"],
                "Assign": {"failure": "{% $states.errorOutput %}"},
                "Next": "Set aside",
            }
        ],
        "Next": following,
    }


def _is_one_of(actions: Iterable[Action]) -> str:
    return f"{{% {_EVENT}.detail.action in {[action.value for action in actions]} %}}"
