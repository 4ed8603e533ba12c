"""The time that the command waits for a person and for GitHub. Owns no clock of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """An end of all waiting.

    Attributes:
        ends_at: The end, in the seconds of `now`.
        now: Returns monotonic seconds.
        pause: Waits for some seconds, or less if something happens.
    """

    ends_at: float
    now: Callable[[], float]
    pause: Callable[[float], None]

    def turns(self, seconds: float) -> Iterator[None]:
        """Yield at once, and then after each pause, until the end. There is a turn at the end."""
        while True:
            yield
            left = self.ends_at - self.now()
            if left <= 0:
                return
            self.pause(min(seconds, left))
