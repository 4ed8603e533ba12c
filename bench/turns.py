"""Loops that take turns, so that a busy machine slows them all: CPU times and their ratios."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Turns:
    """The seconds of CPU that each loop took in each round."""

    seconds: Mapping[str, list[float]]

    def microseconds(self, name: str) -> float:
        """The median of a loop's rounds."""
        return median(self.seconds[name]) * 1e6

    def ratio(self, name: str, to: str) -> float:
        """The median of the rounds' ratios of one loop to another."""
        pairs = zip(self.seconds[name], self.seconds[to], strict=True)
        return median(one / other for one, other in pairs)


def take_turns(loops: Mapping[str, Callable[[], object]], *, rounds: int, repeat: int = 1) -> Turns:
    """Run every loop once per round, so many calls each time; the seconds are those of one call."""
    seconds: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(rounds):
        for name, loop in loops.items():
            start = time.process_time()
            for _ in range(repeat):
                loop()
            seconds[name].append((time.process_time() - start) / repeat)
    return Turns(seconds)
