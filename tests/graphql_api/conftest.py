"""Deployments for the tests of the reading side."""

from collections.abc import Iterator

import pytest

from tests.graphql_api.deployment import Deployment, deployed


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """A deployment with the default settings and empty tables."""
    with deployed(monkeypatch) as fresh:
        yield fresh
