"""The pages of the deployed stack, at the URL of its API, in a real browser."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from tests.support.browser import browser
from tests.support.dashboard import expected
from tests.support.dashboard.page import (
    accessibility_violations,
    cards_of,
    matches,
    query_of,
    wait_for_numbers,
)
from tests.support.graphiql_journey import journey, journey_by_link, needs_a_browser
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e


def an_organisation_is_counted(deployment: Deployment, *, alert: int) -> None:
    """Deliver an alert, and wait until the API lists its organisation."""
    created = payload("created", "orgName/repoName", alert, datetime(2026, 3, 2, 9, tzinfo=UTC))
    url, key = deployment.url("WebhookUrl"), deployment.api_key
    assert client.deliver(url, secret=deployment.webhook_secret, payload=created).status_code == 202
    graphql = deployment.url("GraphqlUrl")
    client.wait_until(
        lambda: client.query_data(graphql, key=key, query="{ organisations { name } }")[
            "organisations"
        ],
        seconds=60,
        what="an organisation to show",
    )


@needs_a_browser
def test_graphiql_of_deployed_stack_works_in_browser(
    deployment: Deployment, tmp_path: Path
) -> None:
    an_organisation_is_counted(deployment, alert=22)
    key = deployment.api_key
    page = deployment.url("GraphiqlUrl")
    journey(page.removesuffix("graphiql"), key=key, profile=tmp_path / "typed")
    journey_by_link(f"{page}#key={key}", profile=tmp_path / "linked")


@needs_a_browser
def test_dashboard_of_deployed_stack_shows_the_numbers_of_the_api(
    deployment: Deployment, tmp_path: Path
) -> None:
    an_organisation_is_counted(deployment, alert=23)
    graphql, key = deployment.url("GraphqlUrl"), deployment.api_key
    with browser(tmp_path / "profile") as page:
        page.open(deployment.signed_in_url)
        wait_for_numbers(page)
        query, variables = query_of(page, "Cards")
        data = client.query_data(graphql, key=key, query=query, variables=variables)
        cards = cards_of(page)
        for label, number in expected.cards(data["organisation"]).items():
            assert matches(cards[label], number), (label, cards[label], number)
        assert accessibility_violations(page) == []
        root = graphql.removesuffix("graphql")
        assert [other for other in page.requests if not other.startswith(root)] == []
        assert page.errors == []
