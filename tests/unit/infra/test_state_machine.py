"""The state machine's definition is valid; the emulator accepts invalid ones, AWS does not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.constructs.state_machine import RECORDER_TIMEOUT_S, definition
from infra.target import AWS, EMULATOR
from ingest.terms import Action

THROTTLED = AWS.throttled_as
MACHINE = definition(
    recorder_arn="arn:recorder",
    dead_letter_queue_url="https://queue",
    throttled_as=THROTTLED,
    partition="aws",
)
STATES: dict[str, dict[str, Any]] = MACHINE["States"]
TERMINAL = {"Succeed", "Fail"}
REQUIRED = {
    "Choice": {"Choices", "Default"},
    "Task": {"Resource", "Arguments", "Retry", "Next"},
    "Succeed": set(),
    "Fail": {"Error", "Cause"},
}
ALLOWED = {
    "Choice": {"Assign"},
    "Task": {"Catch", "Assign", "TimeoutSeconds"},
    "Succeed": set(),
    "Fail": set(),
}


def following(state: dict[str, Any]) -> set[str]:
    ways = [state, *state.get("Choices", []), *state.get("Catch", [])]
    return {way["Next"] for way in ways if "Next" in way} | (
        {state["Default"]} if "Default" in state else set()
    )


def reachable_from(start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += following(STATES[name])
    return found


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


@pytest.mark.parametrize("name", STATES)
def test_each_state_has_only_the_fields_of_its_type(name: str) -> None:
    state = STATES[name]
    required = REQUIRED[state["Type"]]

    assert required <= state.keys()
    assert state.keys() <= {"Type"} | required | ALLOWED[state["Type"]]


@pytest.mark.parametrize("name", STATES)
def test_each_state_leads_to_an_end(name: str) -> None:
    assert following(STATES[name]) <= STATES.keys()
    assert {STATES[other]["Type"] for other in reachable_from(name)} & TERMINAL


def test_each_state_is_reachable() -> None:
    assert reachable_from(MACHINE["StartAt"]) == set(STATES)


def test_each_expression_has_matching_brackets() -> None:
    for text in texts(MACHINE):
        assert text.startswith("{%") == text.endswith("%}")
        assert text.count("{%") <= 1
        assert text.count("(") == text.count(")")
        assert text.count("[") == text.count("]")


def test_only_the_failure_is_assigned() -> None:
    assigned = {
        variable
        for state in STATES.values()
        for way in [state, *state.get("Choices", []), *state.get("Catch", [])]
        for variable in way.get("Assign", {})
    }

    assert assigned == {"failure"}


def test_each_action_is_recorded_without_waiting() -> None:
    (choice,) = STATES["Which action"]["Choices"]
    assert choice["Next"] == "Record"
    assert all(f"'{action.value}'" in choice["Condition"] for action in Action)
    assert STATES["Record"]["Next"] == "Recorded"
    assert {state["Type"] for state in STATES.values()} == {"Choice", "Task", "Succeed", "Fail"}


def test_failed_events_go_to_the_dead_letter_queue() -> None:
    (catch,) = STATES["Record"]["Catch"]
    assert catch["ErrorEquals"] == ["States.ALL"]
    assert catch["Next"] == "Send to dead-letter queue"
    assert all(retry["JitterStrategy"] == "FULL" for retry in STATES["Record"]["Retry"])
    assert STATES["Send to dead-letter queue"]["Next"] == "Failed"


def test_throttling_has_its_own_longer_retry_policy() -> None:
    busy, failing = STATES["Record"]["Retry"]
    assert busy["ErrorEquals"] == [THROTTLED] == ["Lambda.TooManyRequestsException"]
    assert failing["ErrorEquals"] == ["States.ALL"]
    assert sum(pauses_s(busy)) > 60
    assert EMULATOR.throttled_as == "Lambda.Unknown"


def pauses_s(retry: dict[str, Any]) -> list[float]:
    """Return the longest pause before each retry."""
    return [
        min(retry["IntervalSeconds"] * retry["BackoffRate"] ** attempt, retry["MaxDelaySeconds"])
        for attempt in range(retry["MaxAttempts"])
    ]


def test_all_retries_fit_into_an_express_execution() -> None:
    busy, failing = STATES["Record"]["Retry"]
    one_task_s = sum(pauses_s(busy)) + sum(pauses_s(failing))
    one_task_s += (failing["MaxAttempts"] + 1) * STATES["Record"]["TimeoutSeconds"]
    sending_s = sum(pauses_s(STATES["Send to dead-letter queue"]["Retry"][0])) + 5

    assert STATES["Record"]["TimeoutSeconds"] > RECORDER_TIMEOUT_S
    assert one_task_s + sending_s < MACHINE["TimeoutSeconds"] < 300


def test_definition_is_json() -> None:
    assert json.loads(json.dumps(MACHINE)) == MACHINE
