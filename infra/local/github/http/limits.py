"""Rate limits and faults: why the fake GitHub refuses valid requests.

Owns the number of requests that each actor may send in an hour, and the faults that a test
prepares.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_WINDOW = timedelta(hours=1)


@dataclass(slots=True)
class Fault:
    """An error that the next requests of a path get as their response.

    With status 0 there is no response: the connection is lost.
    """

    status: int
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    path: str = ".*"


class Limits:
    """The primary rate limit: a number of requests an hour for each actor."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Start the first hour with the first request."""
        self._clock = clock
        self.limit = 5000
        self.is_enabled = True
        """Whether there is a limit. Enterprise Server has none by default."""
        self._used: Counter[str] = Counter()
        self._reset_at: datetime | None = None

    def take(self, actor: str) -> bool:
        """Count a request; return whether the limit allows it."""
        now = self._clock()
        if self._reset_at is None or now >= self._reset_at:
            self._reset_at = (now + _WINDOW).replace(microsecond=0)
            self._used.clear()
        self._used[actor] += 1
        return not self.is_enabled or self._used[actor] <= self.limit

    def give_back(self, actor: str) -> None:
        """Undo the counting of a request whose response is 304."""
        self._used[actor] -= 1

    def headers(self, actor: str) -> dict[str, str]:
        """Return the headers with the state of the limit."""
        if not self.is_enabled or self._reset_at is None:
            return {}
        used = min(self._used[actor], self.limit)
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.limit - used),
            "x-ratelimit-used": str(used),
            "x-ratelimit-reset": str(int(self._reset_at.timestamp())),
            "x-ratelimit-resource": "core",
        }


class Faults:
    """The faults that are prepared for the next requests."""

    def __init__(self) -> None:
        """Start without faults."""
        self._waiting: list[Fault] = []
        self.page_numbers = False
        """Whether lists of alerts have page numbers instead of cursors."""
        self.repeated_items = 0
        """How many items of a page appear again on the next one."""
        self.stale_pages = 0
        """How many next lists of alerts show the state at the call of `GitHub.remember`."""

    def add(self, *faults: Fault) -> None:
        """Prepare faults, in the order in which they happen."""
        self._waiting += faults

    def take(self, path: str) -> Fault | None:
        """Return the fault of a request to a path, if one waits for it."""
        for fault in self._waiting:
            if re.fullmatch(fault.path, path):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None
