"""The definition of the reconciliation: every state is reached, and nothing leads nowhere."""

import json
from typing import Any

from infra.constructs.reconciling import definition

MACHINE = definition(function_arn="arn:function", partition="aws")
ACCOUNT = MACHINE["States"]["Each account"]["ItemProcessor"]


def following(state: dict[str, Any]) -> set[str]:
    ways = [state, *state.get("Choices", []), *state.get("Catch", [])]
    ends = {way["Next"] for way in ways if "Next" in way}
    return ends | ({state["Default"]} if "Default" in state else set())


def reached(machine: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    waiting = [machine["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += following(machine["States"][name])
    return found


def test_each_state_is_reached_and_exists() -> None:
    for machine in (MACHINE, ACCOUNT):
        assert reached(machine) == machine["States"].keys()


def test_each_state_goes_on_or_is_an_end() -> None:
    for machine in (MACHINE, ACCOUNT):
        for state in machine["States"].values():
            assert bool(following(state)) != (state["Type"] in {"Succeed", "Fail"})


def test_every_invocation_has_a_retry_and_a_longer_timeout_than_its_function() -> None:
    tasks = [MACHINE["States"]["Accounts"], ACCOUNT["States"]["Step"]]
    for task in tasks:
        assert task["Arguments"]["FunctionName"] == "arn:function"
        assert task["Retry"]
        assert task["TimeoutSeconds"] > 300


def test_a_failed_account_does_not_stop_the_others() -> None:
    (caught,) = ACCOUNT["States"]["Step"]["Catch"]
    assert caught["ErrorEquals"] == ["States.ALL"]
    assert caught["Output"]["next"] == "failed"
    (choice,) = MACHINE["States"]["Did all succeed"]["Choices"]
    assert choice["Next"] == "Failed"
    assert "'failed' in" in choice["Condition"]


def test_states_use_one_query_language() -> None:
    assert MACHINE["QueryLanguage"] == "JSONata"
    assert ".$" not in json.dumps(MACHINE)
