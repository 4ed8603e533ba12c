"""Some of the faults of `make chaos`, on the deployed stack: all rows are exact in the end."""

import pytest

from infra.local.deployment import Deployment
from tests.chaos import story, trial
from tests.chaos.faults import FAULTS
from tests.chaos.proxy import serving_proxy
from tests.chaos.stage import staged
from tests.support.deployed_stack import unique

pytestmark = pytest.mark.e2e

ALERTS = 12
TOGETHER = ("killed-after", "throttled", "half-sent")


def test_rows_are_exact_after_several_faults(deployment: Deployment) -> None:
    faults = [fault for fault in FAULTS if fault.name in TOGETHER]
    assert len(faults) == len(TOGETHER)
    owner = unique().partition("/")[0]
    told = story.make([f"{owner}/repo-1", f"{owner}/repo-2"], ALERTS, seed=1, ids=70_000_001)
    with serving_proxy(deployment.endpoint) as proxy, staged(deployment, proxy) as functions:
        result = trial.run(deployment, proxy, functions, faults, story=told, seed=1)
    assert result.injected > len(faults)
    assert result.differences == []
