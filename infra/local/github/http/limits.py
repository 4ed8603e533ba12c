"""Rate limits and faults: how the imitated GitHub refuses requests that it would serve.

Owns the budget of requests of each actor in an hour, and the faults that a test prepares.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_WINDOW = timedelta(hours=1)


@dataclass(slots=True)
class Fault:
    """A response that is sent instead of the right one, to the next requests of a path.

    With status 0 there is none: the connection is lost.
    """

    status: int
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    path: str = ".*"


class Limits:
    """The primary rate limit: a number of requests an hour for each actor."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Begin the first hour with the first request."""
        self._clock = clock
        self.limit = 5000
        self.is_enabled = True
        """Enterprise Server has no limits unless somebody enables them."""
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
    """The faults that wait for their requests."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: list[Fault] = []
        self.page_numbers = False
        """Whether lists of alerts have page numbers instead of cursors."""
        self.repeated_items = 0
        """How many items of a page appear again on the next one."""
        self.stale_pages = 0
        """How many next lists of alerts show what was true at `GitHub.remember`."""

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
