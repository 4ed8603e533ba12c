"""Trials that need more than rules of the proxy: a malformed row, a malformed message, clocks.

Owns what is done to the stack, and the cause that an operator removes before the remedy.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from infra.local import client
from infra.local.deployment import Deployment
from tests.chaos import remedies, trial
from tests.chaos.restart import restarted
from tests.chaos.trial import Result

if TYPE_CHECKING:
    from tests.chaos.session import Session

_CLOCK = Path(__file__).with_name("shifted_clock")
_RECORD_AGE_S = 10
_SHIFTS_S = MappingProxyType({"Receiver": -1_200, "Recorder": 1_200})
_SHIFT_OF_OTHERS_S = -3_600


def clock_skew(session: "Session") -> Result:
    """The clocks of the functions differ by up to 80 minutes."""
    variables = {
        name: {
            "PYTHONPATH": str(_CLOCK),
            "CHAOS_CLOCK_SHIFT_S": str(_SHIFTS_S.get(short, _SHIFT_OF_OTHERS_S)),
        }
        for short, name in session.functions.items()
    }
    result = trial.run(
        session.deployment,
        session.proxy,
        session.functions,
        [],
        story=session.story(),
        seed=session.seed,
        variables=variables,
    )
    result.fault, result.what = "clock-skew", str(clock_skew.__doc__)
    return result


def poison_record(session: "Session") -> Result:
    """A malformed row in All Events, which the alert stream handler cannot read."""
    deployment, story = session.deployment, session.story()
    result = Result("poison-record", str(poison_record.__doc__))
    started = time.monotonic()
    mapping = _stream_mapping(deployment, session.functions["AlertStreamHandler"])
    lambda_ = deployment.client("lambda")
    # The emulator ignores the number of attempts, but not the age of records. AWS gives up after
    # ten attempts, and isolates the record by bisecting its batch first.
    lambda_.update_event_source_mapping(UUID=mapping, MaximumRecordAgeInSeconds=_RECORD_AGE_S)
    row = {"repositoryName": {"S": story.repositories[0]}, "alertID": {"N": "1"}}
    table = deployment.outputs["AllEventsTable"]
    dynamodb = deployment.client("dynamodb")
    try:
        poison = {"alertID": {"N": "999999"}, "state": {"S": "OPEN"}, "revision": {"S": "x"}}
        dynamodb.put_item(TableName=table, Item=row | poison)
        result.injected = 1
        trial.send(deployment, story, result)
        client.wait_until(
            lambda: "alert-stream" in remedies.dead_letters(deployment),
            seconds=trial.SECONDS_TO_SETTLE,
            what="the dead letter of the stream",
        )
        dynamodb.delete_item(TableName=table, Key=row | {"alertID": {"N": "999999"}})
        client.wait_until(
            lambda: trial.is_still(deployment), seconds=trial.SECONDS_TO_SETTLE, what="silence"
        )
        trial.finish(deployment, story, result)
    finally:
        lambda_.update_event_source_mapping(UUID=mapping, MaximumRecordAgeInSeconds=-1)
    result.seconds = time.monotonic() - started
    return result


def _stream_mapping(deployment: Deployment, function: str) -> str:
    found: list[Any] = deployment.client("lambda").list_event_source_mappings(
        FunctionName=function
    )["EventSourceMappings"]
    (mapping,) = (one["UUID"] for one in found if "dynamodb" in one["EventSourceArn"])
    return str(mapping)


TRIALS: Mapping[str, Callable[["Session"], Result]] = MappingProxyType(
    {"clock-skew": clock_skew, "poison-record": poison_record, "restart": restarted}
)
