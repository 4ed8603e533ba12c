"""A burst of alerts on the deployed stack is counted exactly at both levels."""

import pytest

from infra.local.deployment import Deployment
from tests.support.deployed_stack import (
    CREATED,
    depths,
    overview,
    send_all,
    settled,
    unique,
    wait,
)
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e


def test_burst_of_a_thousand_alerts_is_counted_exactly(deployment: Deployment) -> None:
    repository = unique()
    owner = repository.partition("/")[0]
    bodies = [payload("created", repository, n, CREATED) for n in range(1, 1_001)]
    send_all(deployment, bodies)

    def counted(table: str, attribute: str, name: str) -> int:
        found = overview(deployment, table, attribute, name)
        return int(found["ALL"]["openAlerts"]["N"]) if found else 0

    repositories = ("RepositoryOverviewTable", "repositoryName", repository)
    organisations = ("OrganisationOverviewTable", "organisationName", owner)
    wait(lambda: counted(*organisations) >= 1_000, "the organisation's overview", seconds=900)
    wait(lambda: settled(deployment, owner), "the queues to be empty", seconds=900)
    assert counted(*repositories) == counted(*organisations) == 1_000
    for where in (repositories, organisations):
        found = overview(deployment, *where)
        assert found["DAY#2026-03-02"]["openAlerts"]["N"] == "1000"
        assert found["MONTH#2026-03"]["openAlerts"]["N"] == "1000"
    assert depths(deployment, dead=True) == 0
