"""GraphQL documents of panels, made from the fragments of the dashboard page and of this package.

Both dashboards show the same numbers, so they share the fragments.
"""

import re
from functools import cache
from pathlib import Path

_PAGE = Path(__file__).parents[1] / "dashboard" / "src" / "queries"
_OWN = Path(__file__).parent / "queries"
_TYPES = re.compile(r"^ {2}\$(\w+): (.+)$", re.MULTILINE)
_VARIABLE = re.compile(r"\$(\w+)")
_FRAGMENT = re.compile(r"^fragment (\w+) on Scope", re.MULTILINE)
_OPTIONAL = {"closedAs"}
"""Variables of the page that this dashboard does not have."""


def document_of(fragment: str) -> str:
    """Return a document with one fragment of an organisation, and with the variables it uses."""
    text = _fragments()[fragment]
    used = {"name", *_VARIABLE.findall(text)}
    types = dict(_TYPES.findall((_PAGE / "page.graphql").read_text(encoding="utf-8")))
    declared = ", ".join(f"${name}: {types[name]}" for name in types if name in used)
    body = f"  organisation(name: $name) {{\n    ...{fragment}\n  }}"
    return f"query {fragment}({declared}) {{\n{body}\n}}\n\n{text}\n"


def variables_of(document: str) -> list[str]:
    """Return the names of the variables that a request with the document sends, in order."""
    header = document.partition("{")[0]
    return [name for name in _VARIABLE.findall(header) if name not in _OPTIONAL]


@cache
def _fragments() -> dict[str, str]:
    texts = (
        file.read_text(encoding="utf-8").strip()
        for folder in (_PAGE, _OWN)
        for file in sorted(folder.glob("*.graphql"))
    )
    return {found[1]: text for text in texts if (found := _FRAGMENT.search(text))}
