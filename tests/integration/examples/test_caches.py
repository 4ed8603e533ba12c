"""The caches of Apollo Client and urql take the responses to all documented queries."""

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.support.graphql_api.deployment import Deployment
from tests.support.graphql_api.fixtures import acme
from tests.support.graphql_api.gateway import served
from tests.support.paths import ROOT
from tests.support.workshop import Workshop, run

__all__ = ["acme"]

SCRIPT = Path(__file__).with_name("caches.mjs")
PAGES = (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
VALUES = {"organisation": "acme", "repository": "acme/api", "id": "acme/web/2"}
EXAMPLES = [file.read_text() for file in sorted((ROOT / "examples" / "queries").glob("*.graphql"))]


def snippets() -> Iterator[str]:
    """Yield the queries in the documentation."""
    for page in PAGES:
        found = re.findall(r"```graphql\n(.*?)```", page.read_text(), re.DOTALL)
        yield from (text.replace("orgName/repoName", "acme/web") for text in found)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the compiled examples."""
    folder = Workshop.copied_to(tmp_path_factory.mktemp("caches")).build_typescript()
    shutil.copy(SCRIPT, folder)
    return folder


def complaints(
    build: Path, deployment: Deployment, texts: Iterable[str], *, configured: bool
) -> dict[str, list[str]]:
    """Return what the clients print while they send documents, and wrong reads of their caches."""
    sent = [
        {"query": text, "variables": {name: VALUES[name] for name in VALUES if f"${name}" in text}}
        for text in texts
    ]
    with served() as url:
        options = {"url": f"{url}/graphql", "key": deployment.key, "configured": configured}
        (build / "options.json").write_text(json.dumps({**options, "documents": sent}))
        node = ("node", "--conditions=development", "caches.mjs", "options.json")
        done = run(*node, folder=build, environment={"NODE_ENV": "development"})
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_both_caches_take_the_documented_queries_without_a_warning(
    build: Path, acme: Deployment
) -> None:
    texts = [*EXAMPLES, *snippets()]
    assert len(texts) > 20
    assert complaints(build, acme, texts, configured=True) == {"apollo": [], "urql": []}


def test_apollo_takes_the_examples_without_configuration(build: Path, acme: Deployment) -> None:
    found = complaints(build, acme, EXAMPLES, configured=False)
    assert found["apollo"] == []
    assert all("`keys` config" in text for text in found["urql"])
    assert found["urql"]


def test_clients_report_objects_that_a_cache_cannot_identify(build: Path, acme: Deployment) -> None:
    found = complaints(build, acme, map(without_ids, EXAMPLES), configured=False)
    assert any("Cache data may be lost" in text for text in found["apollo"])
    assert any("config for `Scope`" in text for text in found["urql"])


def without_ids(text: str) -> str:
    return re.sub(r"^ *id\n", "", text, flags=re.MULTILINE)
