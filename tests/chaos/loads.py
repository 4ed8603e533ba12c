"""Load: many alerts at once, with duplicates and in any order, while queries run."""

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tests.chaos import story, trial
from tests.chaos.asking import asking, totals
from tests.chaos.story import Story
from tests.chaos.trial import Result

if TYPE_CHECKING:
    from tests.chaos.session import Session

_REPOSITORIES = 50
_OWNERS = 3
_SECONDS_TO_SETTLE = 1_500
_LIVES = (0, 0, 1, 0, 2)


def one_repository(session: "Session") -> Result:
    """1,000 alerts at once in one repository, with duplicates, while queries run."""
    return _run(session, "load-1000", one_repository, session.story(1_000, repositories=1))


def many_repositories(session: "Session") -> Result:
    """5,000 alerts in 50 repositories of 3 organisations, with duplicates, while queries run."""
    owner = session.story(1).owners[0]
    names = [f"{owner}-{number % _OWNERS}/repo-{number}" for number in range(_REPOSITORIES)]
    many = story.make(names, 5_000, seed=session.seed, lives=_LIVES, ids=session.ids())
    return _run(session, "load-5000", many_repositories, many)


def _run(session: "Session", name: str, what: Callable[["Session"], Result], many: Story) -> Result:
    result = Result(name, str(what.__doc__))
    started = time.monotonic()
    with asking(session.deployment, many.owners) as asked:
        trial.send(session.deployment, many, result)
        result.notes["secondsToSend"] = round(time.monotonic() - started, 1)
        trial.settle(session.deployment, many, seconds=_SECONDS_TO_SETTLE)
    result.notes["queries"] = dict(asked.statuses)
    result.differences += asked.wrong
    trial.finish(session.deployment, many, result)
    result.differences += totals(session.deployment, many)
    result.seconds = time.monotonic() - started
    return result


TRIALS: Mapping[str, Callable[["Session"], Result]] = MappingProxyType(
    {"load-1000": one_repository, "load-5000": many_repositories}
)
