"""GraphiQL, built as for a deployment, in a browser that contacts no other server."""

import base64
import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.graphiql_journey import (
    journey,
    journey_before_and_after,
    journey_by_link,
    needs_a_browser,
)
from tests.support.graphql_api.deployment import Deployment, alert
from tests.support.graphql_api.gateway import served
from tests.support.graphql_api.page_files import page_serves
from tests.support.paths import ROOT


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of GraphiQL, built as for a deployment."""
    folder = tmp_path_factory.mktemp("dist")
    command = ["npm", "run", "--silent", "build:graphiql", "--", "--outDir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


def test_uncompressed_files_fit_into_lambda_response(built: Path) -> None:
    files = list(built.rglob("*.gz"))
    assert len(files) > 10
    for file in files:
        assert len(base64.b64encode(gzip.decompress(file.read_bytes()))) < 5_500_000


@pytest.fixture
def page(deployment: Deployment, built: Path) -> Iterator[str]:
    """Yield the URL of the page of a deployment with one alert. The URL ends with a slash."""
    _arrive(deployment, "octo-org/payments")
    with page_serves("graphiql", built), served("/a/$default") as url:
        yield f"{url}/"


@needs_a_browser
def test_browser_enters_key_once_and_sees_own_names(
    deployment: Deployment, page: str, tmp_path: Path
) -> None:
    journey(page, key=deployment.key, profile=tmp_path)


@needs_a_browser
def test_link_with_key_opens_graphiql_signed_in(
    deployment: Deployment, page: str, tmp_path: Path
) -> None:
    journey_by_link(f"{page}graphiql#key={deployment.key}", profile=tmp_path)


@needs_a_browser
def test_placeholders_are_filled_on_next_visit(
    deployment: Deployment, built: Path, tmp_path: Path
) -> None:
    with page_serves("graphiql", built), served() as url:
        journey_before_and_after(
            f"{url}/graphiql",
            key=deployment.key,
            profile=tmp_path,
            arrive=lambda: _arrive(deployment, "octo-org/payments"),
            arrived="octo-org",
        )


def _arrive(deployment: Deployment, repository: str) -> None:
    deployment.record(alert(22, repository=repository))
    deployment.roll_up()
