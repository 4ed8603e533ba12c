"""What a newcomer does in GraphiQL, in a real browser, wherever the page is served."""

import os
from pathlib import Path

import pytest

from tests.graphql_api.browser import browser, chromium

EXAMPLES = list((Path(__file__).parents[2] / "examples" / "queries").glob("*.graphql"))

needs_a_browser = pytest.mark.skipif(
    chromium() is None and not os.environ.get("CI"),
    reason="needs chromium or google-chrome; in CI a missing one is a failure",
)


def journey(url: str, *, key: str, profile: Path) -> None:
    """Enter the key once, run the first example, read its result, open the docs.

    `url` ends with a slash and leads to the page. No request leaves for another path or origin,
    nothing complains, and the key is kept nowhere but in the tab's session.
    """
    with browser(profile) as page:
        page.open(url)
        page.wait_for("document.querySelector('#key') !== null")
        page.type(key)
        page.evaluate("document.querySelector('form button').click()")
        page.wait_for(f"document.querySelectorAll('.graphiql-tab').length === {len(EXAMPLES)}")
        page.wait_for("document.querySelector('.graphiql-query-editor')?.innerText.includes('22')")
        page.evaluate("document.querySelector('.graphiql-execute-button').click()")
        shown = page.wait_for("document.querySelector('.result-window .view-lines')?.innerText")
        assert "orgName" in shown
        page.evaluate("document.querySelector('[aria-label*=\"Documentation\"]').click()")
        page.wait_for(
            "document.querySelector('.graphiql-doc-explorer')?.innerText.includes('Query')"
        )
        stored = page.evaluate("JSON.stringify(localStorage) + document.cookie")
        assert key not in stored
        assert page.evaluate("Object.values(sessionStorage).length") == 1
        elsewhere = [to for to in page.requests if not to.startswith((url, "data:"))]
        assert elsewhere == []
        assert page.complaints == []
