"""The dashboard of a deployment without alerts, and after its first alert."""

from pathlib import Path

from tests.support.browser import Page
from tests.support.dashboard.page import accessibility_violations, wait_for_numbers
from tests.support.graphiql_journey import needs_a_browser
from tests.support.graphql_api.deployment import Deployment, alert
from tests.support.graphql_api.gateway import served
from tests.support.graphql_api.page_files import page_serves


@needs_a_browser
def test_empty_deployment_describes_the_next_steps(
    deployment: Deployment, built: Path, page: Page
) -> None:
    with page_serves("dashboard", built), served() as url:
        page.open(f"{url}/dashboard#key={deployment.key}")
        page.wait_for("document.querySelector('h1')?.innerText === 'No alerts yet'")
        text = page.evaluate("document.querySelector('main').innerText")
        assert "gcsmttr connect" in text
        assert "gcsmttr backfill" in text
        assert accessibility_violations(page) == []
        deployment.record(alert(1, repository="octo-org/web"))
        deployment.roll_up()
        page.evaluate("location.reload()")
        page.wait_for("document.querySelector('#numbers') !== null")
        wait_for_numbers(page)
        # Without the setting `team`, there are no teams to compare, and this is not an error.
        assert page.evaluate("document.querySelector('#panel-Teams')") is None
        assert page.evaluate("document.querySelector('[role=alert]')") is None
        assert page.errors == []
