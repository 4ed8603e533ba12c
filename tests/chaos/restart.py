"""The emulator is restarted with its state kept, between two halves of the deliveries.

Owns an emulator of its own: the restart would end the proxy's redirection of the others.
"""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from infra.local.deployment import deploy
from infra.local.emulator import running_emulator
from infra.paths import ROOT
from tests.chaos import recount, remedies, trial
from tests.chaos.trial import Result
from tests.support.meta_server import serving_meta

if TYPE_CHECKING:
    from tests.chaos.session import Session

_FOLDER = ROOT / ".run" / "chaos-restart"
_SECONDS = 30.0


def restarted(session: "Session") -> Result:
    """The emulator ends and starts again with its state, in the middle of the deliveries."""
    story = session.story()
    middle = len(story.deliveries) // 2
    result = Result("restart", str(restarted.__doc__), injected=1)
    started = time.monotonic()
    with serving_meta() as meta, running_emulator(_FOLDER, keeps_state=True) as emulator:
        deployment = deploy(emulator.endpoint, meta_url=meta.url, folder=_FOLDER)
        trial.send(deployment, replace(story, deliveries=story.deliveries[:middle]), result)
        emulator.restart()
        trial.send(deployment, replace(story, deliveries=story.deliveries[middle:]), result)
        result.deliveries = len(story.deliveries)
        trial.settle(deployment, story, seconds=_SECONDS)
        ended = ""
        if missing := recount.differences(deployment, story):
            # The emulator loses its stream mappings with its process; AWS does not.
            result.notes["withoutRemedy"] = len(missing)
            remedies.repair(deployment)
            ended = "gcsmttr repair"
            trial.settle(deployment, story, seconds=_SECONDS)
        trial.finish(deployment, story, result, ended=ended)
    result.seconds = time.monotonic() - started
    return result
