"""One replay: starts it, and follows it until it ends.

Owns the name of a replay and the pause between two requests for its state. EventBridge does the
work, also if the command ends. Never prints.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from operations.errors import ReplayFailedError

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient

PAUSE_S = 2.0
_UNFINISHED = frozenset({"STARTING", "RUNNING", "CANCELLING"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The events to replay: from a time up to and including another one."""

    start: datetime
    end: datetime

    def minutes_until(self, at: datetime) -> int:
        """Return the minutes from the start to a time, rounded up."""
        return -((self.start - at) // timedelta(minutes=1))


class Replay:
    """A replay of a period. The replay of the same period twice ends in the same rows."""

    def __init__(
        self,
        client: "EventBridgeClient",
        *,
        archive_arn: str,
        bus_arn: str,
        period: Period,
        now: datetime,
    ) -> None:
        """Start it. `now` is a part of its name."""
        self.name = f"gcsmttr-{now:%Y%m%dT%H%M%S-%f}"
        self.period = period
        self._client = client
        client.start_replay(
            ReplayName=self.name,
            EventSourceArn=archive_arn,
            # The time of an event has whole seconds, so a fraction would leave out its second.
            EventStartTime=period.start.replace(microsecond=0),
            EventEndTime=period.end,
            Destination={"Arn": bus_arn},
        )

    def follow(self, wait: Callable[[float], None] = time.sleep) -> Iterator[datetime]:
        """Yield the time of the last replayed event repeatedly, until the replay ends.

        Raises:
            ReplayFailedError: It ends before all events are replayed.
        """
        while True:
            found = self._client.describe_replay(ReplayName=self.name)
            if found["State"] not in _UNFINISHED:
                break
            yield found.get("EventLastReplayedTime", self.period.start)
            wait(PAUSE_S)
        if found["State"] != "COMPLETED":
            raise ReplayFailedError(self.name, found["State"], found.get("StateReason", ""))
        yield self.period.end
