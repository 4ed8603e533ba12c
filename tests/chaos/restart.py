"""The emulator is restarted with its state kept, between two halves of the deliveries.

The emulator ends the executions that run, and sends no event about them. It also forgets the
records that its stream mappings have not read. AWS does neither. So the trial runs the commands for
failed executions and for lost records: a replay of the archive, and a repair of the overviews.

Owns an emulator of its own: the restart would end the proxy's redirection of the others.
"""

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from infra.local.deployment import Deployment, deploy
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
    since = datetime.now(UTC)
    with serving_meta() as meta, running_emulator(_FOLDER, keeps_state=True) as emulator:
        deployment = deploy(emulator.endpoint, meta_url=meta.url, folder=_FOLDER)
        trial.send(deployment, replace(story, deliveries=story.deliveries[:middle]), result)
        emulator.restart()
        trial.send(deployment, replace(story, deliveries=story.deliveries[middle:]), result)
        result.deliveries = len(story.deliveries)
        trial.settle(deployment, story, seconds=_SECONDS)
        result.notes["failedExecutions"] = _failed_executions(deployment)
        remedies.replay(deployment, since)
        trial.settle(deployment, story, seconds=_SECONDS)
        result.notes["beforeRepair"] = len(recount.differences(deployment, story))
        remedies.repair(deployment)
        trial.settle(deployment, story, seconds=_SECONDS)
        trial.finish(deployment, story, result, ended="gcsmttr replay, gcsmttr repair")
    result.seconds = time.monotonic() - started
    return result


def _failed_executions(deployment: Deployment) -> int:
    """Return the number of failed executions of the workflow that records alerts."""
    workflows = deployment.client("stepfunctions")
    (arn,) = (
        one["stateMachineArn"]
        for one in workflows.list_state_machines()["stateMachines"]
        if "Recording" in one["name"]
    )
    pages = workflows.get_paginator("list_executions").paginate(stateMachineArn=arn)
    return Counter(one["status"] for page in pages for one in page["executions"])["FAILED"]
