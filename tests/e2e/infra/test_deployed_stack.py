"""The deployed stack responds to the first query, and serves GraphiQL."""

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from infra.local.run import SEED_QUERY
from tests.support.deployed_stack import CREATED, alerts, send, wait
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e


def test_stack_responds_to_the_first_query(deployment: Deployment) -> None:
    assert send(deployment, payload("created", "orgName/repoName", 22, CREATED)).status_code == 202
    wait(lambda: alerts(deployment, "orgName/repoName"), "the alert")
    url, key = deployment.url("GraphqlUrl"), deployment.api_key
    assert client.query_data(url, key=key, query=SEED_QUERY) == {
        "getAlert": {
            "alertID": 22,
            "organisationName": "orgName",
            "repositoryName": "orgName/repoName",
        }
    }
    assert client.post_query(url, key="wrong", query=SEED_QUERY).status_code == 401
    assert client.post_query(url, key=None, query=SEED_QUERY).status_code == 401


def test_stack_serves_graphiql(deployment: Deployment) -> None:
    page = client.request(deployment.url("GraphiqlUrl"))
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
