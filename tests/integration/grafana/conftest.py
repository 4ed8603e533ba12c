"""The API with a year of alerts, as the data source of Grafana."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.dashboard import organisation
from tests.support.grafana.panels import Viewer
from tests.support.grafana.plugin import HEADERS
from tests.support.graphql_api.deployment import deployed
from tests.support.graphql_api.fixtures import deployment

__all__ = ["deployment"]


@pytest.fixture(scope="module")
def viewer() -> Iterator[Viewer]:
    """Yield a viewer of the sample organisation and of its last 90 days. The clock stands still."""
    now_ns = time.time_ns()
    now = datetime.fromtimestamp(now_ns // 1_000_000_000, UTC)
    with pytest.MonkeyPatch.context() as patch, deployed(patch, TEAM="property:team") as filled:
        patch.setattr("time.time_ns", lambda: now_ns)
        organisation.fill(filled)

        def ask(body: dict[str, Any]) -> dict[str, Any]:
            response = filled.send("POST", headers=HEADERS, body=json.dumps(body).encode())
            answer: dict[str, Any] = response.json
            return answer

        yield Viewer(
            ask=ask, organisation=organisation.NAME, start=now - timedelta(days=89), end=now
        )
