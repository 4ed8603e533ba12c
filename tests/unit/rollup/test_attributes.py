"""Names of attributes: each is stated once, and all other code imports it."""

import ast
from collections.abc import Iterator

from ingest import revision
from ingest.alerts import attributes as of_alert
from rollup.rows import attributes as names
from tests.support.paths import ROOT

PACKAGES = ("ingest", "rollup", "graphql_api", "operations", "infra")
HOMES = (of_alert, names, revision)
NAMES = {
    value
    for home in HOMES
    for name, value in vars(home).items()
    if name.isupper() and isinstance(value, str)
} - {of_alert.CHANGES}
"""All names, except one that is also a field of the packed changes."""
OTHER_DOCUMENTS = (
    *(
        "ingest/events/alert_detail.py",
        "ingest/facts/",
        "ingest/payloads/",
        "ingest/events/repository_event.py",
        "graphql_api/access/key_store.py",
        "graphql_api/badges/",
    ),
    *("infra/local/", "operations/cli/", "operations/connect/guide/server.py"),
    *("operations/status/connections.py", "operations/redrive/contents.py", "operations/report/"),
)
"""Events, GitHub's payloads and redirections, access keys, badges, connections, responses of the
API and the JSON of commands have fields with these names."""


def test_attribute_names_are_stated_once() -> None:
    assert {"repositoryName", "period", "revision"} <= NAMES
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if not path.relative_to(ROOT).as_posix().startswith(OTHER_DOCUMENTS)
        for line, name in _keys_of_items(ast.parse(path.read_text(encoding="utf-8")))
        if name in NAMES
    ]
    assert not found, "\n".join(found)


def _keys_of_items(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each string that is a key, or is searched in something."""
    for node in ast.walk(tree):
        texts: list[ast.expr | None] = []
        match node:
            case ast.Subscript(slice=text) | ast.Compare(left=text, ops=[ast.In() | ast.NotIn()]):
                texts = [text]
            case ast.Dict(keys=keys):
                texts = keys
            case ast.Call(func=ast.Attribute(attr="get"), args=[text, *_]):
                texts = [text]
        for one in texts:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.lineno, one.value
