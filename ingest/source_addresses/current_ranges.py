"""The ranges that one process uses: read once a minute, and kept while they cannot be read.

Owns how long a copy is used. Without a copy, the ranges in the code are used if there are any.
"""

from collections.abc import Callable

from ingest.errors import HookRangesError
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.source_addresses.stored_ranges import StoredRanges

CACHE_SECONDS = 60
_RETRY_SECONDS = 5
"""The time until the next attempt, so that not every request waits for a service that hangs."""


class CurrentRanges:
    """The newest known ranges.

    Args:
        read: Returns the stored copy, None before the first one, or raises HookRangesError.
        seed: The ranges before the first copy, which can be empty.
        clock: Returns seconds, from any start.
    """

    def __init__(
        self,
        read: Callable[[], StoredRanges | None],
        *,
        seed: HookRanges,
        clock: Callable[[], float],
    ) -> None:
        self._read = read
        self._known = seed
        self._clock = clock
        self._fresh_until: float | None = None

    def now(self) -> tuple[HookRanges, str | None]:
        """Return the ranges, and the reason if the stored copy could not be read.

        Raises:
            HookRangesError: The copy cannot be read, and no ranges are known.
        """
        at = self._clock()
        if self._fresh_until is not None and at < self._fresh_until:
            return self._known, None
        try:
            stored = self._read()
        except HookRangesError as error:
            if not self._known.networks:
                raise
            self._fresh_until = at + _RETRY_SECONDS
            return self._known, error.reason
        self._fresh_until = at + CACHE_SECONDS
        if stored:
            self._known = stored.ranges
        return self._known, None
