"""The state machine that passes one event to the recorder, in Amazon States Language.

Owns which actions are recorded, the retries, and where failed events go. The recorder keeps changes
that arrive before the creation of their alert, so the state machine never waits for other events.
"""

from collections.abc import Iterable
from typing import Any

from ingest.events.repository_event import RepositoryAction
from ingest.terms import Action

RECORDER_TIMEOUT_S = 20

_RETRY = {
    "ErrorEquals": ["States.ALL"],
    "IntervalSeconds": 1,
    "BackoffRate": 2,
    "MaxAttempts": 4,
    "MaxDelaySeconds": 8,
    "JitterStrategy": "FULL",
}
_ACTIONS = list(dict.fromkeys((*map(str, Action), *map(str, RepositoryAction))))
_EVENT = "$states.context.Execution.Input"


def _retry_throttles(error: str) -> dict[str, Any]:
    """Return the retry policy for throttling, which is longer than the one for failures."""
    return {
        "ErrorEquals": [error],
        "IntervalSeconds": 1,
        "BackoffRate": 1.5,
        "MaxAttempts": 20,
        "MaxDelaySeconds": 5,
        "JitterStrategy": "FULL",
    }


def definition(
    *, recorder_arn: str, dead_letter_queue_url: str, throttled_as: str, partition: str
) -> dict[str, Any]:
    """Return the definition as an object for JSON.

    Args:
        recorder_arn: the function to invoke.
        dead_letter_queue_url: the queue that gets failed events with their errors.
        throttled_as: the error that a throttled recorder causes.
        partition: the part of AWS that the stack is in, such as `aws`; ARNs begin with it.
    """
    return {
        "Comment": "Records one event about an alert or a repository",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": 280,
        "StartAt": "Which action",
        "States": {
            "Which action": {
                "Type": "Choice",
                "Choices": [{"Condition": _is_one_of(_ACTIONS), "Next": "Record"}],
                "Default": "Nothing to record",
            },
            "Record": {
                "Resource": f"arn:{partition}:states:::lambda:invoke",
                **_record(recorder_arn, throttled_as=throttled_as, following="Recorded"),
            },
            "Recorded": {"Type": "Succeed"},
            "Nothing to record": {"Type": "Succeed"},
            "Send to dead-letter queue": {
                "Type": "Task",
                "Resource": f"arn:{partition}:states:::sqs:sendMessage",
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
        "Arguments": {"FunctionName": recorder_arn, "Payload": f"{{% {_EVENT}.detail %}}"},
        "TimeoutSeconds": RECORDER_TIMEOUT_S + 5,
        "Retry": [_retry_throttles(throttled_as), _RETRY],
        "Catch": [
            {
                "ErrorEquals": ["States.ALL"],
                "Assign": {"failure": "{% $states.errorOutput %}"},
                "Next": "Send to dead-letter queue",
            }
        ],
        "Next": following,
    }


def _is_one_of(actions: Iterable[str]) -> str:
    return f"{{% {_EVENT}.detail.action in {list(actions)} %}}"
