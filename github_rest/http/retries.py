"""When a request that failed is repeated.

Owns the rules of GitHub Docs, "Best practices for using the REST API": a primary rate limit ends at
its reset time. A secondary one ends after `Retry-After`, else after a minute, which doubles with
each attempt. After a failure of the server or the network, a request is repeated with backoff.
Pure: the clock and the random fraction are arguments.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from github_rest.errors import RateLimitedError, TemporaryError

_FIRST_FAILURE_S = 1.0
_LONGEST_FAILURE_S = 60.0
_LONGEST_SECONDARY_S = 900.0
_RESET_MARGIN = timedelta(seconds=1)
"""Times of reset are whole seconds."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client repeats a request.

    Attributes:
        attempts: How often a request is sent at most.
        longest_wait_s: A longer wait does not start. The error is raised, and contains the
            earliest time for another attempt. A person can wait an hour for a reset, but a
            Lambda function cannot.
    """

    attempts: int = 6
    longest_wait_s: float = 4000.0


def resume_at(error: TemporaryError, *, attempt: int, now: datetime, fraction: float) -> datetime:
    """Return when the request is repeated after this failed attempt; the first is number 1.

    Args:
        error: Why the attempt failed, with the earliest time that the response allows.
        attempt: The number of the attempt that failed.
        now: The present time.
        fraction: A random number from 0 to 1, so that clients that failed together do not
            repeat together.
    """
    if error.reason == "rate_limited":
        return error.resume_at + _RESET_MARGIN
    doublings = 2.0 ** (attempt - 1)
    if isinstance(error, RateLimitedError):
        # The first wait is what GitHub asks for. If that does not help, the wait doubles.
        asked_s = max(0.0, (error.resume_at - now).total_seconds())
        wait_s = max(asked_s, min(asked_s * doublings, _LONGEST_SECONDARY_S))
        return now + timedelta(seconds=wait_s + fraction)
    limit_s = min(_FIRST_FAILURE_S * doublings, _LONGEST_FAILURE_S)
    # At least half of the limit: an overloaded server gets a pause.
    return max(error.resume_at, now + timedelta(seconds=limit_s * (1 + fraction) / 2))
