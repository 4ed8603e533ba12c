"""Deliveries in any order and with repetition: the rows of the deployed stack end the same."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import RECORDERS, Deployment
from ingest.origin import ORIGINS
from tests.support.deployed_stack import (
    CREATED,
    alerts,
    changes_without_alert,
    closed_and_open,
    depths,
    fix,
    overview,
    quiet,
    recorded,
    rows,
    send,
    send_all,
    settled,
    unique,
    wait,
)
from tests.support.sample_webhooks import payload, story

pytestmark = pytest.mark.e2e

_OF_WRITES = {"revision", ORIGINS}


def test_closing_without_a_creation_is_kept_but_is_not_an_alert(
    deployment: Deployment,
) -> None:
    repository = unique()
    assert send(deployment, fix(repository, 1)).status_code == 202
    wait(lambda: changes_without_alert(deployment, repository), "the closing to be kept")
    (row,) = changes_without_alert(deployment, repository)
    assert set(row) == {
        *("repositoryName", "alertID", "changes", "details", "revision", "expiresAt", ORIGINS)
    }
    url, key = deployment.url("GraphqlUrl"), deployment.api_key
    query = f"""{{
        getAlert(id: "{repository}/1") {{ id }}
        repository(name: "{repository}") {{ lastEventAt alerts {{ data {{ id }} }} }}
    }}"""
    found = client.query_data(url, key=key, query=query)
    assert found["getAlert"] is None
    assert found["repository"] == {"lastEventAt": None, "alerts": {"data": []}}
    wait(lambda: quiet(deployment) and recorded(deployment), "everything to be handled")
    assert overview(deployment, "RepositoryOverviewTable", "repositoryName", repository) == {}


def test_closings_that_arrive_before_their_creations_are_applied(deployment: Deployment) -> None:
    repository, numbers = unique(), range(1, 151)
    send_all(deployment, [fix(repository, number) for number in numbers])
    wait(
        lambda: len(changes_without_alert(deployment, repository)) == len(numbers),
        "every closing to be kept",
    )
    assert alerts(deployment, repository) == []
    send_all(deployment, [payload("created", repository, n, CREATED) for n in numbers])
    wait(lambda: len(alerts(deployment, repository)) == len(numbers), "every alert")
    owner = repository.partition("/")[0]
    wait(lambda: settled(deployment, owner), "the overviews to catch up")
    assert {row["state"]["S"] for row in alerts(deployment, repository)} == {"CLOSED"}
    assert closed_and_open(deployment, owner) == (len(numbers), 0)
    assert depths(deployment, dead=True) == 0


def snapshot(deployment: Deployment, owner: str) -> Any:
    """Return the rows of an owner's alerts and overviews, without its name.

    Revisions and origins are left out, since they name the writes and not the state.
    """
    found = []
    for table, attribute in (
        ("AllEventsTable", "repositoryName"),
        ("RepositoryOverviewTable", "repositoryName"),
        ("OrganisationOverviewTable", "organisationName"),
    ):
        for row in rows(deployment, table, attribute, owner):
            kept = {name: value for name, value in row.items() if name not in _OF_WRITES}
            found.append(repr(sorted(kept.items())).replace(owner, "owner"))
    return sorted(found)


@contextmanager
def at_most(deployment: Deployment, recorders: int) -> Iterator[None]:
    """Limit the recorders that run at once."""
    functions = deployment.client("lambda")
    limit = {"FunctionName": deployment.outputs["RecorderFunction"]}
    functions.put_function_concurrency(**limit, ReservedConcurrentExecutions=recorders)
    try:
        yield
    finally:
        functions.put_function_concurrency(**limit, ReservedConcurrentExecutions=RECORDERS)


def renamed(deliveries: list[dict[str, Any]], owner: str) -> list[dict[str, Any]]:
    """Return the same deliveries for another organisation."""
    return [json.loads(json.dumps(one).replace("orgName", owner)) for one in deliveries]


def time_of(one: dict[str, Any]) -> str:
    alert = one["alert"]
    return str(
        alert["fixed_at"] or alert["dismissed_at"] or alert.get("updated_at") or alert["created_at"]
    )


def test_repeated_and_shuffled_deliveries_end_in_the_same_rows(deployment: Deployment) -> None:
    deliveries = [
        one
        for one in story(datetime(2026, 11, 23, tzinfo=UTC))
        if one["repository"]["full_name"].startswith("orgName/") and one["alert"]["number"] > 12
    ]
    deliveries = [
        {**one, "alert": {**one["alert"], "updated_at": time_of(one)}} for one in deliveries
    ]
    last = {(one["repository"]["full_name"], one["alert"]["number"]): one for one in deliveries}
    closed = sum(one["action"] in {"fixed", "closed_by_user"} for one in last.values())
    shuffled = random.Random(7).sample(deliveries, len(deliveries))  # noqa: S311
    right = (closed, len(last) - closed)
    outcomes = []
    # Closings may arrive long before creations: the second burst is shuffled and repeated, with as
    # few recorders as in an account with little concurrency.
    for burst, recorders in (([deliveries], RECORDERS), ([shuffled, deliveries], 2)):
        owner = f"o{uuid4().hex[:8]}"
        with at_most(deployment, recorders):
            for bodies in burst:
                send_all(deployment, renamed(bodies, owner))
            wait(lambda: recorded(deployment), "every event to be recorded")
        wait(lambda name=owner: len(alerts(deployment, name)) == len(last), "every alert")
        wait(lambda name=owner: closed_and_open(deployment, name) == right, "every change")
        wait(lambda name=owner: settled(deployment, name), "the overviews to catch up")
        assert closed_and_open(deployment, owner) == right
        outcomes.append(snapshot(deployment, owner))
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0]) > len(last) == 36
