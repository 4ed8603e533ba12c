"""The state machine that compares the stored alerts with GitHub's, in Amazon States Language.

Owns the order of the steps, the waits and the retries. A step returns its own input with what comes
next, so the state of an execution is its position. The accounts are compared side by side, and
each of them step by step, so an installation never gets two requests at once.
"""

from typing import Any

from reconcile.workflow.reconciliation import STEP, WAIT

STEP_TIMEOUT_S = 300
_ACCOUNTS_AT_ONCE = 5

_RETRY = {
    "ErrorEquals": ["States.ALL"],
    "IntervalSeconds": 10,
    "BackoffRate": 2,
    "MaxAttempts": 7,
    "MaxDelaySeconds": 300,
    "JitterStrategy": "FULL",
}
_FAILED = "failed"


def definition(*, function_arn: str, partition: str) -> dict[str, Any]:
    """Return the definition as an object for JSON.

    Args:
        function_arn: the function to invoke.
        partition: the part of AWS that the stack is in, such as `aws`; ARNs begin with it.
    """
    invocation = _invocation(function_arn, partition)
    return {
        "Comment": "Compares the stored alerts with GitHub's",
        "QueryLanguage": "JSONata",
        "StartAt": "Accounts",
        "States": {
            "Accounts": {
                **invocation,
                "Output": "{% $states.result.Payload %}",
                "Next": "Each account",
            },
            "Each account": {
                "Type": "Map",
                "Items": "{% $states.input.accounts %}",
                "ItemSelector": {
                    "account": "{% $states.context.Map.Item.Value %}",
                    "task": "{% $states.context.Execution.Input.task %}",
                    "waits": "{% $boolean($states.context.Execution.Input.waits) = true %}",
                    "execution": "{% $states.context.Execution.Id %}",
                },
                "MaxConcurrency": _ACCOUNTS_AT_ONCE,
                "ItemProcessor": _account(invocation),
                "Next": "Did all succeed",
            },
            "Did all succeed": {
                "Type": "Choice",
                "Choices": [
                    {"Condition": f"{{% '{_FAILED}' in $states.input.next %}}", "Next": "Failed"}
                ],
                "Default": "Compared",
            },
            "Compared": {"Type": "Succeed"},
            "Failed": {
                "Type": "Fail",
                "Error": "AccountFailed",
                "Cause": "{% $string($states.input[next = 'failed'].{"
                "'connection': connection, 'error': error}) %}",
            },
        },
    }


def _account(invocation: dict[str, Any]) -> dict[str, Any]:
    """Return the steps for one account."""
    return {
        "ProcessorConfig": {"Mode": "INLINE"},
        "StartAt": "Step",
        "States": {
            "Step": {
                **invocation,
                "Output": "{% $states.result.Payload %}",
                "Catch": [
                    {
                        "ErrorEquals": ["States.ALL"],
                        "Output": {
                            "next": _FAILED,
                            "connection": "{% $states.input.account.connection %}",
                            "error": "{% $states.errorOutput %}",
                        },
                        "Next": "Ended",
                    }
                ],
                "Next": "What next",
            },
            "What next": {
                "Type": "Choice",
                "Choices": [
                    {"Condition": f"{{% $states.input.next = '{STEP}' %}}", "Next": "Step"},
                    {"Condition": f"{{% $states.input.next = '{WAIT}' %}}", "Next": "Wait"},
                ],
                "Default": "Ended",
            },
            "Wait": {
                "Type": "Wait",
                "Timestamp": "{% $states.input.waitUntil %}",
                "Next": "Step",
            },
            "Ended": {"Type": "Succeed"},
        },
    }


def _invocation(function_arn: str, partition: str) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": f"arn:{partition}:states:::lambda:invoke",
        "Arguments": {"FunctionName": function_arn, "Payload": "{% $states.input %}"},
        "TimeoutSeconds": STEP_TIMEOUT_S + 5,
        "Retry": [_RETRY],
    }
