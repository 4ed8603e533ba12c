"""The dashboard, built as for a deployment, and served beside an API with a year of alerts."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.browser import Page, browser
from tests.support.dashboard import organisation
from tests.support.dashboard.build import build
from tests.support.graphql_api.deployment import Deployment, deployed
from tests.support.graphql_api.fixtures import deployment
from tests.support.graphql_api.gateway import served
from tests.support.graphql_api.page_files import page_serves

__all__ = ["deployment"]


class Stack(NamedTuple):
    """A served deployment whose clock stands still, so that the same query has the same answer."""

    url: str
    deployment: Deployment


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the dashboard, built as for a deployment."""
    return build("dashboard", tmp_path_factory.mktemp("dashboard"))


@pytest.fixture(scope="session")
def built_graphiql(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of GraphiQL, built as for a deployment."""
    return build("graphiql", tmp_path_factory.mktemp("graphiql"))


@pytest.fixture(scope="module")
def stack(built: Path, built_graphiql: Path) -> Iterator[Stack]:
    """Yield the deployment with the sample organisation, below a path."""
    now_ns = time.time_ns()
    with pytest.MonkeyPatch.context() as patch, deployed(patch, TEAM="property:team") as filled:
        patch.setattr("time.time_ns", lambda: now_ns)
        organisation.fill(filled)
        with (
            page_serves("dashboard", built),
            page_serves("graphiql", built_graphiql),
            served("/a/$default") as url,
        ):
            yield Stack(url, filled)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """Yield the page of a browser with an empty profile."""
    with browser(tmp_path / "profile") as opened:
        yield opened
