"""Exponential backoff with full jitter: how long to wait before another attempt.

Owns the computation of a delay, which is pure, and `pause`, the only function that sleeps. The
caller owns how often something is tried again and what happens after the last attempt.
"""

import random
import time
from typing import NamedTuple


class Backoff(NamedTuple):
    """The limits of the delays: they double from `first_s` to at most `longest_s`."""

    first_s: float
    longest_s: float

    def limit_s(self, attempt: int) -> float:
        """Return the longest delay after a failed attempt; the first attempt is number 0."""
        return min(self.first_s * 2.0**attempt, self.longest_s)

    def delay_s(self, attempt: int, *, fraction: float) -> float:
        """Return the delay after a failed attempt, for a random `fraction` from 0 to 1.

        Full jitter: callers that failed together do not try again together.
        """
        return self.limit_s(attempt) * fraction


def pause(backoff: Backoff, attempt: int) -> float:
    """Wait before the attempt after `attempt`, and return the seconds waited."""
    delay_s = backoff.delay_s(attempt, fraction=random.random())  # noqa: S311
    time.sleep(delay_s)
    return delay_s
