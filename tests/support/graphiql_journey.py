"""The first visit of a user to GraphiQL, in a real browser. It works for every URL of the page."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.browser import Page, browser, chromium
from tests.support.paths import ROOT

EXAMPLES = list((ROOT / "examples" / "queries").glob("*.graphql"))
PHONE_WIDTH = 360
MIN_CONTRAST = 4.5
"""The minimum for text in WCAG 2.2, success criterion 1.4.3."""

needs_a_browser = pytest.mark.skipif(
    chromium() is None and not os.environ.get("CI"),
    reason="needs chromium or google-chrome; without one, the test fails in CI",
)


def journey(url: str, *, key: str, profile: Path) -> None:
    """Enter the key, run the first example, find its name in other tabs, and open the docs.

    The page sends no request to another origin or path, and the console shows no error. Only the
    session storage contains the key. `url` is the API's address and ends with a slash.
    """
    with browser(profile) as page:
        page.open(f"{url}graphiql")
        page.wait_for("document.activeElement?.id === 'key'")
        assert page.evaluate("document.querySelector('#key').labels[0].innerText") == "API key"
        assert_legible_in_light_and_dark(page)
        page.type(key)
        page.click("form button")
        _wait_for_tabs(page)
        name = _run_first_example(page)
        _open_tab(page, "Trend")
        page.wait_for(f"{_QUERY}?.includes({json.dumps(json.dumps(name))})")
        _assert_new_tab_is_in_view(page)
        page.click('[aria-label*="Documentation"]')
        page.wait_for(
            "document.querySelector('.graphiql-doc-explorer')?.innerText"
            ".includes('How fast GitHub code scanning alerts are remediated')"
        )
        page.click('[aria-label*="Documentation"]')
        _assert_panes_stack_on_a_phone(page)
        _assert_only_session_storage_has_key(page, key)
        page.click("button.other-key")
        page.wait_for("document.querySelector('#key') !== null")
        assert page.evaluate("sessionStorage.length") == 0
        _assert_no_other_requests_and_no_errors(page, url, key)


def journey_by_link(link: str, *, profile: Path) -> None:
    """Open a link such as `…/graphiql#key=…`. The user is signed in, and the address has no key."""
    url, _, key = link.partition("#key=")
    with browser(profile) as page:
        page.open(link)
        _wait_for_tabs(page)
        assert page.evaluate("location.href") == url
        assert page.evaluate("document.querySelector('#key')") is None
        assert _run_first_example(page)
        _assert_only_session_storage_has_key(page, key)
        # A second link in the same tab changes only the fragment.
        page.evaluate("location.hash = '#key=wrong'")
        page.wait_for("document.querySelector('[role=alert]')?.innerText.includes('not valid')")
        assert page.evaluate("location.href") == url
        page.errors[:] = [error for error in page.errors if "401" not in error]
        _assert_no_other_requests_and_no_errors(page, url.removesuffix("graphiql"), key)


def journey_before_and_after(
    url: str, *, key: str, profile: Path, arrive: Callable[[], None], arrived: str
) -> None:
    """Visit the page of an empty deployment, and visit it again after the first alert arrives.

    `arrive` delivers the alert, and `arrived` is the name of its organisation.
    """
    with browser(profile) as page:
        page.open(f"{url}#key={key}")
        _wait_for_tabs(page)
        _open_tab(page, "Trend")
        page.wait_for(f"{_QUERY}?.includes('\"orgName\"')")
        page.wait_for("localStorage.getItem('graphiql:query')?.includes('query Trend')")
        page.wait_for("JSON.parse(localStorage.getItem('graphiql:tabState'))?.activeTabIndex > 0")
        arrive()
        page.evaluate("location.reload()")
        page.wait_for(f"{_QUERY}?.includes({json.dumps(json.dumps(arrived))})")
        assert page.evaluate("document.querySelectorAll('.graphiql-tab').length") == len(EXAMPLES)


_QUERY = (
    "document.querySelector('.graphiql-query-editor .view-lines')?.innerText.replace(/\\s/g,' ')"
)


def _wait_for_tabs(page: Page) -> None:
    """Wait until every example has its tab and the editor shows the first."""
    page.wait_for(f"document.querySelectorAll('.graphiql-tab').length === {len(EXAMPLES)}")
    page.wait_for(f"{_QUERY}?.includes('query Organisations')")


def _run_first_example(page: Page) -> str:
    """Run the query of the first tab and return the first name in the result."""
    page.click(".graphiql-execute-button")
    shown = page.wait_for(
        "document.querySelector('.result-window .view-lines')?.innerText.match(/name.*/)?.[0]"
    )
    found = re.search(r'"?name"?:\s*"([^"]+)"', shown)
    assert found, shown
    return found[1]


def _open_tab(page: Page, title: str) -> None:
    page.evaluate(
        "[...document.querySelectorAll('.graphiql-tab-button')]"
        f".find(tab => tab.innerText === {json.dumps(title)}).click()"
    )


def _assert_new_tab_is_in_view(page: Page) -> None:
    page.click(".graphiql-tab-add")
    page.wait_for(f"document.querySelectorAll('.graphiql-tab').length === {len(EXAMPLES) + 1}")
    page.wait_for(
        """(() => {
          const tab = document.querySelector('.graphiql-tab-active').getBoundingClientRect();
          const strip = document.querySelector('.graphiql-tabs').getBoundingClientRect();
          return tab.left >= strip.left - 1 && tab.right <= strip.right + 1;
        })()"""
    )


def _assert_panes_stack_on_a_phone(page: Page) -> None:
    page.resize(PHONE_WIDTH)
    page.wait_for(
        """(() => {
          const box = name => document.querySelector(name).getBoundingClientRect();
          const [query, result] = [box('.graphiql-editors'), box('.graphiql-response')];
          return result.top >= query.bottom && query.width > 300 && result.width > 300;
        })()"""
    )
    page.wait_for(f"document.documentElement.scrollWidth <= {PHONE_WIDTH}")


def assert_legible_in_light_and_dark(page: Page) -> None:
    """Check the contrast of the page's text, hint and button in both colour schemes."""
    pages = {}
    for scheme in ("light", "dark"):
        page.prefer(scheme)
        pages[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        texts = {
            "body": (pages[scheme], page.evaluate("getComputedStyle(document.body).color")),
            "hint": (
                pages[scheme],
                page.evaluate("getComputedStyle(document.querySelector('.hint')).color"),
            ),
            "button": tuple(
                page.evaluate(f"getComputedStyle(document.querySelector('form button')).{colour}")
                for colour in ("backgroundColor", "color")
            ),
        }
        for name, (background, text) in texts.items():
            assert _contrast(background, text) >= MIN_CONTRAST, (scheme, name)
    assert _luminance(pages["light"]) > 0.5 > _luminance(pages["dark"])
    page.prefer("light")


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2) of a colour such as `rgb(33, 42, 59)`."""
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _assert_only_session_storage_has_key(page: Page, key: str) -> None:
    assert key not in page.evaluate("JSON.stringify(localStorage) + document.cookie")
    assert page.evaluate("Object.values(sessionStorage)") == [key]


def _assert_no_other_requests_and_no_errors(page: Page, url: str, key: str) -> None:
    assert [other for other in page.requests if not other.startswith((url, "data:"))] == []
    assert [other for other in page.requests if key in other] == []
    assert page.errors == []
