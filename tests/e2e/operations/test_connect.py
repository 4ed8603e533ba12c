"""`gcsmttr connect` in a real browser: from the manifest to the first delivery and a metric."""

import json
import os
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import GCSMTTR, Deployment
from infra.local.github.github import GitHub
from infra.local.github.server import serving
from infra.local.github.world import changes
from operations import local_stack
from tests.support.browser import Page, browser
from tests.support.graphiql_journey import assert_legible_in_light_and_dark, needs_a_browser
from tests.support.paths import ROOT
from tests.support.sample_webhooks import payload
from tests.support.workshop import run

pytestmark = pytest.mark.e2e


@contextmanager
def connecting(
    deployment: Deployment, folder: Path, *arguments: str
) -> Iterator[tuple[subprocess.Popen[str], "queue.Queue[str]"]]:
    """Run `gcsmttr --local connect` for a stack; yield the process and the lines on stderr."""
    (folder / local_stack.FILE).write_text(json.dumps(deployment.facts()))
    process = subprocess.Popen(
        [GCSMTTR, "--local", "connect", *arguments, "--no-browser", "--json"],
        cwd=ROOT,
        env={**os.environ, **environment_for(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            lines.put(line.rstrip("\n"))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield process, lines
    finally:
        process.kill()
        process.wait()
        reader.join()


def environment_for(folder: Path) -> dict[str, str]:
    """Return the variables with which commands find the local stack, and no token."""
    return {"RUN_DIR": str(folder), "PYTHONPATH": str(ROOT), "GITHUB_TOKEN": ""}


def address_of_page(lines: "queue.Queue[str]") -> str:
    """Return the address that the command prints."""
    while True:
        line = lines.get(timeout=60).strip()
        if line.startswith("http://127.0.0.1:"):
            return line


def heading(page: Page) -> str:
    """Return the current step."""
    return str(page.evaluate("document.querySelector('[aria-current] h2')?.innerText ?? ''"))


@needs_a_browser
def test_organisation_is_connected_in_the_browser(deployment: Deployment, tmp_path: Path) -> None:
    owner = f"org-{uuid4().hex[:8]}"
    github = GitHub()
    web = github.world.add_repository(f"{owner}/web")
    with github.world.silent():
        changes.create_alert(github.world, web)
    with (
        serving(github) as url,
        connecting(deployment, tmp_path, "--organisation", owner, "--enterprise-server", url) as (
            process,
            lines,
        ),
        browser(tmp_path / "profile") as page,
    ):
        start = address_of_page(lines)
        page.open(start)
        page.wait_for("document.querySelector('form button')?.innerText.startsWith('Continue')")
        assert heading(page) == "Create the GitHub App"
        assert_legible_in_light_and_dark(page)
        page.click("form button")
        page.wait_for("document.title === 'Create GitHub App'")
        assert page.evaluate("document.querySelector('[name=name]').value").startswith("GCSMTTR")
        page.click("form button")
        page.wait_for("document.querySelector('a.button')?.innerText.startsWith('Install')")
        assert heading(page) == "Install the App"
        assert page.evaluate("location.href") == start
        page.click("a.button")
        page.wait_for("document.title.startsWith('Install GCSMTTR')")
        page.click("form button")
        page.wait_for(
            "document.querySelector('[aria-current] h2')?.innerText.startsWith('Receive')"
        )
        page.wait_for(
            "document.querySelector('.result')?.innerText.endsWith('connected.')", seconds=150
        )
        assert "gcsmttr backfill" in page.evaluate("document.querySelector('code').innerText")
        assert page.errors == []
        out, _ = process.communicate(timeout=30)
        assert process.returncode == 0, out
        connected = json.loads(out)
        (app,) = github.registry.apps.values()
        assert connected["app"] == {"id": app.id, "slug": app.slug}
        assert any(one.status == "OK" for one in app.hook.deliveries)

        changes.create_alert(github.world, web)
        by_hand = payload("created", f"{owner}/api", 1, github.world.clock())
        response = client.deliver_until_accepted(
            deployment.url("WebhookUrl"), secret=deployment.webhook_secret, payload=by_hand
        )
        assert response.status_code == 202
        query = f"""{{ organisation(name: "{owner}") {{
          repositories: metrics(interval: TOTAL, from: "now-9d", groupBy: REPOSITORY)
            {{ group opened }} }} }}"""

        def opened() -> bool:
            data = client.query_data(
                deployment.url("GraphqlUrl"), key=deployment.api_key, query=query
            )
            counts = {one["group"]: one["opened"] for one in data["organisation"]["repositories"]}
            return counts == {f"{owner}/web": expected, f"{owner}/api": 1}

        expected = 1
        client.wait_until(opened, seconds=180, what="the metric of the alerts since the connection")
        program, *words = connected["next"].split()
        assert program == "gcsmttr"
        backfilled = run(str(GCSMTTR), *words, environment=environment_for(tmp_path))
        assert backfilled.returncode == 0, backfilled.stderr
        expected = 2
        client.wait_until(opened, seconds=180, what="the metric of the alert before the connection")
