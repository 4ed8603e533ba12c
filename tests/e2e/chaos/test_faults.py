"""Some faults on the deployed stack. `make chaos` tries all of them, also in pairs."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from infra.local.deployment import Deployment
from tests.chaos import story, trial
from tests.chaos.faults import FAULTS
from tests.chaos.proxy import Proxy, serving_proxy
from tests.chaos.stage import staged

pytestmark = pytest.mark.e2e

SEED = 7
NEVER = "by itself"


@pytest.fixture(scope="module")
def stage(deployment: Deployment) -> Iterator[tuple[Proxy, dict[str, str]]]:
    with serving_proxy(deployment.endpoint) as proxy, staged(deployment, proxy) as functions:
        yield proxy, functions


@pytest.mark.parametrize(
    ("names", "ended"),
    [
        (("killed-before", "conflicts"), [NEVER]),
        (("answer-lost", "repeated"), [NEVER]),
        (("recording-fails",), ["gcsmttr redrive execution"]),
    ],
)
def test_faults_end_in_exact_rows(
    deployment: Deployment,
    stage: tuple[Proxy, dict[str, str]],
    names: tuple[str, ...],
    ended: list[str],
) -> None:
    proxy, functions = stage
    owner = f"chaos-{uuid4().hex[:8]}"
    told = story.make(
        [f"{owner}/repo-1", f"{owner}/repo-2"], 10, seed=SEED, ids=uuid4().int % 10**12
    )
    faults = [fault for fault in FAULTS if fault.name in names]
    result = trial.run(deployment, proxy, functions, faults, story=told, seed=SEED)
    assert result.differences == []
    assert result.injected > 0
    assert result.ended == ended
