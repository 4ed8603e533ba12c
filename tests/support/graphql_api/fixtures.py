"""Fixtures with deployments of the API. The conftest of each folder of its tests imports them."""

import random
from collections.abc import Iterator

import pytest

from tests.support.graphql_api import worked_example
from tests.support.graphql_api.deployment import Deployment, deployed


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """Yield a deployment with the default settings and empty tables."""
    with deployed(monkeypatch) as fresh:
        yield fresh


@pytest.fixture(scope="module")
def acme() -> Iterator[Deployment]:
    """Yield a deployment with the alerts of the worked example.

    The events arrive in random order, and three of them arrive twice.
    """
    now_ns = int(worked_example.NOW.timestamp()) * 1_000_000_000
    events = worked_example.events()
    created = [event for event in events if event.action == "created"]
    rest = [event for event in events if event.action != "created"]
    random.Random(3).shuffle(rest)  # noqa: S311
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: now_ns)
        deployment.record(*created)
        deployment.roll_up()
        deployment.record(*rest, *rest[:3])
        deployment.roll_up()
        yield deployment
