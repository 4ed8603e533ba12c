"""A run: one deployed stack on which the trials follow each other, each with its own organisation.

Owns what a trial's name means, and its story.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from infra.local.deployment import Deployment, deploy
from infra.local.emulator import running_emulator
from tests.chaos import loads, special, story, trial
from tests.chaos.faults import FAULTS
from tests.chaos.proxy import Proxy, serving_proxy
from tests.chaos.stage import staged
from tests.chaos.story import Story
from tests.chaos.trial import Result
from tests.support.meta_server import serving_meta

ALERTS = 40
FEW_ALERTS = 8
REPOSITORIES = 3
_BY_NAME = {fault.name: fault for fault in FAULTS}


class Session:
    """The deployed stack with its proxy, and the number of trials so far."""

    SPECIAL: ClassVar[Mapping[str, Callable[..., Result]]] = special.TRIALS
    LOADS: ClassVar[Mapping[str, Callable[..., Result]]] = loads.TRIALS

    def __init__(
        self, deployment: Deployment, proxy: Proxy, functions: dict[str, str], *, seed: int
    ) -> None:
        self.deployment = deployment
        self.proxy = proxy
        self.functions = functions
        self.seed = seed
        self._run_id = random.Random(seed).randrange(10**6)  # noqa: S311
        self._trials = 0

    def run(self, name: str) -> Result:
        """Run the trial with this name."""
        self._trials += 1
        if name in self.SPECIAL:
            return self.SPECIAL[name](self)
        if name in self.LOADS:
            return self.LOADS[name](self)
        faults = [_BY_NAME[one] for one in name.split("+")]
        # Each failed attempt costs the emulator the start of a process.
        alerts = FEW_ALERTS if any(fault.lasts for fault in faults) else ALERTS
        return trial.run(
            self.deployment,
            self.proxy,
            self.functions,
            faults,
            story=self.story(alerts),
            seed=self.seed + self._trials,
        )

    def story(self, alerts: int = ALERTS, *, repositories: int = REPOSITORIES) -> Story:
        """Return the story of a trial: an organisation of its own with some repositories."""
        owner = f"chaos-{self._run_id}-{self._trials}"
        names = [f"{owner}/repo-{number}" for number in range(1, repositories + 1)]
        return story.make(names, alerts, seed=self.seed + self._trials, ids=self.ids())

    def ids(self) -> int:
        """Return the first of the ids of a trial's repositories."""
        return (self._run_id + 1) * 100_000 + self._trials * 200


@contextmanager
def running_session(folder: Path, *, seed: int) -> Iterator[Session]:
    """Deploy the stack to an emulator of its own, and put the proxy in between."""
    with serving_meta() as meta, running_emulator(folder) as emulator:
        deployment = deploy(emulator.endpoint, meta_url=meta.url, folder=folder)
        with serving_proxy(emulator.endpoint) as proxy, staged(deployment, proxy) as functions:
            yield Session(deployment, proxy, functions, seed=seed)
