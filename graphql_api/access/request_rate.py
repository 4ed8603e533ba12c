"""How many requests each holder of a key or a token can send: a token bucket for each name.

A bucket gets a fixed number of requests each second, up to a largest number. Each request takes one
out. The buckets are in the memory of a process, which handles one request at a time. A client that
sends several requests at once meets several processes, each with its own buckets. Keys with the
same name share a bucket, so a second key does not raise the limit.
"""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil

MOST_KEPT = 1_000
"""Buckets of a process. The one that was not used for the longest time is dropped first."""


class RequestRate:
    """The buckets of a process.

    `per_second` requests are added to a bucket each second, 0 for no limit at all. A bucket
    contains at most `burst` requests. `clock` returns monotonic seconds.
    """

    def __init__(self, *, per_second: int, burst: int, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> int:
        """Take one request out of a bucket.

        Returns:
            0, or the seconds after which the bucket contains a request again.
        """
        if self._per_second == 0:
            return 0
        now = self._clock()
        requests, since = self._buckets.get(name, (self._burst, now))
        requests = min(self._burst, requests + (now - since) * self._per_second)
        wait_s = 0 if requests >= 1 else ceil((1 - requests) / self._per_second)
        self._buckets[name] = (requests - 1 if wait_s == 0 else requests, now)
        self._buckets.move_to_end(name)
        if len(self._buckets) > MOST_KEPT:
            self._buckets.popitem(last=False)
        return wait_s
