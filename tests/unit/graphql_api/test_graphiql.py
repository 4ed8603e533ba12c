"""GraphiQL: served whole from this service, and used in a browser that asks nobody else."""

import base64
import gzip
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from graphql_api.graphiql import handler as graphiql_handler
from graphql_api.sdl import sdl
from tests.support.graphiql_journey import (
    journey,
    journey_before_and_after,
    journey_by_link,
    needs_a_browser,
)
from tests.support.graphql_api.deployment import (
    POWERTOOLS_CONTEXT,
    SAFE,
    Deployment,
    alert,
    gateway_event,
    served,
)
from tests.support.paths import ROOT

EXAMPLES = sorted((ROOT / "examples" / "queries").glob("*.graphql"))
PAGE = b"<!doctype html>"
SCRIPT = b"console.log('x');" * 1_000


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small build of a page: index.html and one script."""
    (tmp_path / "graphiql").mkdir()
    (tmp_path / "index.html.gz").write_bytes(gzip.compress(PAGE))
    (tmp_path / "graphiql" / "main-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "secret.txt").write_text("not for anyone")
    monkeypatch.setattr(graphiql_handler, "DIST", tmp_path)
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    graphiql_handler._files.cache_clear()
    graphiql_handler._content.cache_clear()


def get(path: str, **headers: str) -> dict[str, Any]:
    """The handler's answer to a GET."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    event = gateway_event("GET", path, "", named, b"")
    return graphiql_handler.handler(event, POWERTOOLS_CONTEXT)


@pytest.mark.usefixtures("assets")
def test_the_page_is_never_kept_without_asking_and_its_assets_for_ever() -> None:
    page = get("/prod/graphiql")
    assert page["statusCode"] == 200
    assert base64.b64decode(page["body"]) == PAGE
    assert page["headers"]["content-type"] == "text/html; charset=utf-8"
    assert page["headers"]["cache-control"] == "no-cache"
    script = get("/prod/graphiql/main-1a2b.js")
    assert script["headers"]["content-type"] == "text/javascript; charset=utf-8"
    assert script["headers"]["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.usefixtures("assets")
def test_every_answer_has_the_headers_of_graphql_s_answers() -> None:
    for path in ("/graphiql", "/graphiql/main-1a2b.js", "/graphiql/", "/", "/other"):
        headers = get(path)["headers"]
        assert SAFE.items() <= headers.items()
        assert "cache-control" in headers


@pytest.mark.usefixtures("assets")
def test_who_understands_gzip_gets_the_file_as_it_was_compressed_at_build_time() -> None:
    packed = get("/graphiql/main-1a2b.js", Accept_Encoding="br, gzip")
    assert packed["headers"]["content-encoding"] == "gzip"
    assert gzip.decompress(base64.b64decode(packed["body"])) == SCRIPT
    plain = get("/graphiql/main-1a2b.js")
    assert "content-encoding" not in plain["headers"]
    assert base64.b64decode(plain["body"]) == SCRIPT


@pytest.mark.usefixtures("assets")
def test_what_a_browser_has_already_is_not_sent_again() -> None:
    etag = get("/graphiql")["headers"]["etag"]
    again = get("/graphiql", If_None_Match=etag)
    assert again["statusCode"] == 304
    assert "body" not in again


@pytest.mark.usefixtures("assets")
@pytest.mark.parametrize(
    ("path", "location"),
    [("/", "graphiql"), ("/prod/", "graphiql"), ("/graphiql/", "../graphiql")],
)
def test_the_ways_to_the_page_are_relative_so_that_any_prefix_works(
    path: str, location: str
) -> None:
    answer = get(path)
    assert (answer["statusCode"], answer["headers"]["location"]) == (302, location)


@pytest.mark.usefixtures("assets")
@pytest.mark.parametrize(
    "path",
    [
        *("/graphiql/secret.txt", "/graphiql/../secret.txt", "/graphiql/../../graphiql_handler.py"),
        *("/graphiql/%2e%2e/secret.txt", "/graphiql//etc/passwd", "/graphiql/main-1a2b.js.gz"),
        *("/graphiql/index.html", "/graphiql/graphiql/main-1a2b.js/", "/x", "/graphiqlx"),
        "/graphiql/main-1a2b.js\0",
    ],
)
def test_nothing_but_the_built_files_can_be_reached(path: str) -> None:
    answer = get(path)
    assert answer["statusCode"] in {302, 404}
    assert "body" not in answer or json.loads(answer["body"]) == {"message": "Not found."}


@pytest.mark.usefixtures("assets")
def test_the_page_may_load_nothing_from_elsewhere_and_evaluate_nothing() -> None:
    policy = get("/graphiql")["headers"]["content-security-policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["connect-src"] == "'self'"
    assert "unsafe-eval" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_is_valid(example: Path) -> None:
    assert validate(build_schema(sdl()), parse(example.read_text())) == []


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """GraphiQL built as for a deployment, in a folder of its own."""
    folder = tmp_path_factory.mktemp("dist")
    command = ["npm", "run", "--silent", "build:graphiql", "--", "--outDir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


def test_the_schema_describes_itself_where_the_docs_begin() -> None:
    description = build_schema(sdl()).description
    assert description
    assert "`organisations`" in description


def test_every_file_fits_into_an_answer_of_lambda_even_uncompressed(built: Path) -> None:
    files = list(built.rglob("*.gz"))
    assert len(files) > 10
    for file in files:
        assert len(base64.b64encode(gzip.decompress(file.read_bytes()))) < 5_500_000


@pytest.fixture
def page(deployment: Deployment, built: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the page of a deployment with one alert, ending in a slash."""
    monkeypatch.setattr(graphiql_handler, "DIST", built)
    _arrive(deployment, "octo-org/payments")
    _forget()
    with served("/a/$default") as url:
        yield f"{url}/"


@needs_a_browser
def test_a_browser_enters_the_key_once_and_finds_its_own_names_in_the_examples(
    deployment: Deployment, page: str, tmp_path: Path
) -> None:
    journey(page, key=deployment.key, profile=tmp_path)


@needs_a_browser
def test_a_link_with_the_key_in_its_fragment_opens_graphiql_signed_in(
    deployment: Deployment, page: str, tmp_path: Path
) -> None:
    journey_by_link(f"{page}graphiql#key={deployment.key}", profile=tmp_path)


@needs_a_browser
def test_placeholders_from_before_the_first_alert_are_filled_on_the_next_visit(
    deployment: Deployment, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphiql_handler, "DIST", built)
    _forget()
    with served() as url:
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
