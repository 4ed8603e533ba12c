"""Fixtures with deployments of the API, for the conftest of each folder that tests it."""

import random
from collections.abc import Iterator

import pytest

from tests.support.graphql_api import worked_example
from tests.support.graphql_api.deployment import Deployment, deployed


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """A deployment with the default settings and empty tables."""
    with deployed(monkeypatch) as fresh:
        yield fresh


@pytest.fixture(scope="module")
def acme() -> Iterator[Deployment]:
    """The ten alerts, told in another order than they happened and partly twice."""
    now_ns = int(worked_example.NOW.timestamp()) * 1_000_000_000
    events = worked_example.events()
    created = [one for one in events if one.action == "created"]
    rest = [one for one in events if one.action != "created"]
    random.Random(3).shuffle(rest)  # noqa: S311
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: now_ns)
        deployment.record(*created)
        deployment.roll_up()
        deployment.record(*rest, *rest[:3])
        deployment.roll_up()
        yield deployment
