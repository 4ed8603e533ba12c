"""GraphiQL's handler: the files that it serves, and their headers."""

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from graphql_api.graphiql import handler as graphiql_handler
from graphql_api.sdl import sdl
from tests.support.graphql_api.deployment import SECURITY_HEADERS
from tests.support.graphql_api.gateway import POWERTOOLS_CONTEXT, gateway_event
from tests.support.graphql_api.page_files import page_serves
from tests.support.paths import ROOT

EXAMPLES = sorted((ROOT / "examples" / "queries").glob("*.graphql"))
PAGE = b"<!doctype html>"
SCRIPT = b"console.log('x');" * 1_000


@pytest.fixture
def assets(tmp_path: Path) -> Iterator[Path]:
    """Yield a small build of a page with index.html and one script."""
    (tmp_path / "graphiql").mkdir()
    (tmp_path / "index.html.gz").write_bytes(gzip.compress(PAGE))
    (tmp_path / "graphiql" / "main-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "secret.txt").write_text("not for anyone")
    with page_serves("graphiql", tmp_path):
        yield tmp_path


def get(path: str, **headers: str) -> dict[str, Any]:
    """Return the handler's response to a GET request."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    event = gateway_event("GET", path, "", named, b"")
    return graphiql_handler.handler(event, POWERTOOLS_CONTEXT)


@pytest.mark.usefixtures("assets")
def test_page_is_revalidated_and_assets_are_cached() -> None:
    page = get("/prod/graphiql")
    assert page["statusCode"] == 200
    assert base64.b64decode(page["body"]) == PAGE
    assert page["headers"]["content-type"] == "text/html; charset=utf-8"
    assert page["headers"]["cache-control"] == "no-cache"
    script = get("/prod/graphiql/main-1a2b.js")
    assert script["headers"]["content-type"] == "text/javascript; charset=utf-8"
    assert script["headers"]["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.usefixtures("assets")
def test_responses_have_security_headers() -> None:
    for path in ("/graphiql", "/graphiql/main-1a2b.js", "/graphiql/", "/", "/other"):
        headers = get(path)["headers"]
        assert SECURITY_HEADERS.items() <= headers.items()
        assert "cache-control" in headers


@pytest.mark.usefixtures("assets")
def test_gzip_clients_get_precompressed_file() -> None:
    packed = get("/graphiql/main-1a2b.js", Accept_Encoding="br, gzip")
    assert packed["headers"]["content-encoding"] == "gzip"
    assert gzip.decompress(base64.b64decode(packed["body"])) == SCRIPT
    plain = get("/graphiql/main-1a2b.js")
    assert "content-encoding" not in plain["headers"]
    assert base64.b64decode(plain["body"]) == SCRIPT


@pytest.mark.usefixtures("assets")
def test_unchanged_file_is_not_sent_again() -> None:
    etag = get("/graphiql")["headers"]["etag"]
    again = get("/graphiql", If_None_Match=etag)
    assert again["statusCode"] == 304
    assert "body" not in again


@pytest.mark.usefixtures("assets")
@pytest.mark.parametrize(
    ("path", "location"),
    [("/", "graphiql"), ("/prod/", "graphiql"), ("/graphiql/", "../graphiql")],
)
def test_page_works_below_any_prefix(path: str, location: str) -> None:
    response = get(path)
    assert (response["statusCode"], response["headers"]["location"]) == (302, location)


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
def test_only_built_files_are_served(path: str) -> None:
    response = get(path)
    assert response["statusCode"] in {302, 404}
    assert "body" not in response or json.loads(response["body"]) == {"message": "Not found."}


@pytest.mark.usefixtures("assets")
def test_content_policy_forbids_other_origins_and_eval() -> None:
    policy = get("/graphiql")["headers"]["content-security-policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["connect-src"] == "'self'"
    assert "unsafe-eval" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: file.stem)
def test_examples_are_valid(example: Path) -> None:
    assert validate(build_schema(sdl()), parse(example.read_text())) == []


def test_docs_show_description_of_schema() -> None:
    description = build_schema(sdl()).description
    assert description
    assert "`organisations`" in description
