"""What a person does with the dashboard, in a browser that contacts no other server."""

import time
from pathlib import Path

import pytest

from tests.integration.dashboard.conftest import Stack
from tests.support.browser import Page, browser
from tests.support.dashboard.page import (
    CHARTS,
    PANELS,
    accessibility_violations,
    cards_of,
    open_dashboard,
    query_of,
    settled,
    wait_for_numbers,
)
from tests.support.graphiql_journey import (
    PHONE_WIDTH,
    assert_legible_in_light_and_dark,
    needs_a_browser,
)

pytestmark = needs_a_browser

NARROWEST_TEXT = 80
"""Pixels of a column of rules or paths: in a narrower one, words break into letters."""


def variables(page: Page) -> dict[str, object]:
    """Return the variables of the cards' query."""
    return query_of(page, "Cards")[1]


def choose(page: Page, selector: str, value: str) -> None:
    """Choose an option of a select, as a user does."""
    page.evaluate(
        f"(element => {{ element.value = '{value}';"
        " element.dispatchEvent(new Event('change', {bubbles: true})); })"
        f'(document.querySelector("{selector}"))'
    )
    time.sleep(0.1)
    wait_for_numbers(page)


def test_user_signs_in_once_for_dashboard_and_graphiql(stack: Stack, page: Page) -> None:
    key = stack.deployment.key
    page.open(f"{stack.url}/")
    page.wait_for("document.activeElement?.id === 'key'")
    assert page.evaluate("location.pathname").endswith("/dashboard")
    assert_legible_in_light_and_dark(page)
    assert accessibility_violations(page) == []
    page.type("wrong")
    page.press("Enter")
    page.wait_for("document.querySelector('[role=alert]')?.innerText.includes('not valid')")
    page.errors[:] = [error for error in page.errors if "401" not in error]
    page.evaluate("document.querySelector('#key').value = ''")
    page.type(key)
    page.press("Enter")
    wait_for_numbers(page)
    assert page.evaluate("document.title") == "octo-org · GCSMTTR"
    assert key not in page.evaluate("JSON.stringify(localStorage) + document.cookie")
    assert page.evaluate("Object.values(sessionStorage)") == [key]

    page.click("#panel-Ages .actions a")
    page.wait_for(
        "document.querySelector('.graphiql-query-editor .view-lines')?.innerText"
        ".replace(/\\s/g, ' ').includes('query Ages(')"
    )
    assert "query=" not in page.evaluate("location.href")
    page.click(".graphiql-execute-button")
    page.wait_for(
        "document.querySelector('.result-window .view-lines')?.innerText.includes('ages')"
    )
    page.click("a.dashboard")
    page.wait_for("document.querySelector('#numbers') !== null")
    page.click(".other-key")
    page.wait_for("document.querySelector('#key') !== null")
    assert page.evaluate("sessionStorage.length") == 0
    others = [url for url in page.requests if not url.startswith((stack.url, "data:"))]
    assert (others, [url for url in page.requests if key in url]) == ([], [])
    assert page.errors == []


def test_each_filter_changes_the_query_and_the_address(stack: Stack, page: Page) -> None:
    open_dashboard(page, stack.url, key=stack.deployment.key)
    page.click("[name=window][value='12m']")
    wait_for_numbers(page)
    assert variables(page)["from"] == "now-11M/M"
    page.evaluate(
        "document.querySelectorAll('.check-menu')[0].querySelectorAll('input')[1].click()"
    )
    page.evaluate(
        "[...document.querySelectorAll('.check-menu')[1].querySelectorAll('label')]"
        ".find(label => label.textContent === 'CodeQL').click()"
    )
    choose(page, "[name=branch]", "DEFAULT")
    choose(page, "[name=definition]", "gitlab")
    assert variables(page)["filter"] == {
        "severity": ["HIGH"],
        "tool": ["CodeQL"],
        "branch": "DEFAULT",
    }
    assert variables(page)["closedAs"] == ["FIXED"]
    assert page.evaluate("location.search") == (
        "?organisation=octo-org&window=12m&severity=HIGH&tool=CodeQL&branch=DEFAULT"
        "&definition=gitlab"
    )
    shown = cards_of(page)
    page.click("[name=window][value='own']")
    wait_for_numbers(page)
    choose(page, "[type=date]", "2026-01-15")
    assert variables(page)["from"] == "2026-01-15"
    page.evaluate("history.go(-2)")
    page.wait_for("document.querySelector('[name=window]:checked').value === '12m'")
    wait_for_numbers(page)
    assert cards_of(page) == shown
    assert page.errors == []


def test_link_shows_the_same_to_the_next_person(stack: Stack, page: Page, tmp_path: Path) -> None:
    search = "?repository=octo-org/payments&window=12m&severity=HIGH&definition=github"
    open_dashboard(page, stack.url, key=stack.deployment.key, search=search)
    assert page.evaluate("location.search") == search
    assert page.evaluate("document.querySelector('[role=combobox]').value") == "payments"
    assert page.evaluate("document.querySelector('[name=window]:checked').value") == "12m"
    assert page.evaluate("document.querySelector('.check-menu .field-value').innerText") == "High"
    assert page.evaluate("document.querySelector('[name=branch]').disabled")
    with browser(tmp_path / "next") as other:
        open_dashboard(other, stack.url, key=stack.deployment.key, search=search)
        assert cards_of(other) == cards_of(page)


def test_keyboard_alone_reaches_everything(stack: Stack, page: Page) -> None:
    open_dashboard(page, stack.url, key=stack.deployment.key)
    reached: set[str] = set()
    for _ in range(250):
        page.press("Tab")
        text = page.evaluate(
            "document.activeElement === document.body ? '' :"
            " (document.activeElement.closest('.panel')?.id ?? '') + ' '"
            " + (document.activeElement.getAttribute('aria-label')"
            " ?? document.activeElement.name ?? '') + ' '"
            " + document.activeElement.innerText.split('\\n')[0]"
        )
        if not text and len(reached) > 20:
            break
        reached.add(" ".join(text.split()))
        if text:
            assert page.evaluate(
                "['INPUT', 'BODY'].includes(document.activeElement.tagName)"
                " || getComputedStyle(document.activeElement).outlineStyle !== 'none'"
                " || document.activeElement.matches('label.field select')"
            ), text
    for needed in ("Skip to the content", "Team or repository", "window", "branch", "definition"):
        assert any(needed in each for each in reached), (needed, reached)
    for panel in CHARTS:
        for action in ("Table", "CSV", "Picture", "Open in GraphiQL"):
            assert any(each.startswith(f"panel-{panel} {action}") for each in reached), reached

    page.evaluate("document.querySelector('[role=combobox]').focus()")
    page.type("payments")
    page.wait_for("document.querySelectorAll('[role=option]').length === 2")
    page.press("ArrowDown")
    page.press("Enter")
    page.wait_for("location.search === '?repository=octo-org/payments'")
    wait_for_numbers(page)
    page.evaluate("document.querySelector('.check-menu summary').focus()")
    page.press("Enter")
    page.press("Tab")
    page.press(" ")
    page.wait_for("location.search.includes('severity=CRITICAL')")
    page.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.evaluate("document.querySelector('#panel-Speed [aria-pressed]').focus()")
    page.press("Enter")
    page.wait_for("document.querySelector('#panel-Speed table') !== null")
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, stack: Stack, page: Page) -> None:
    open_dashboard(page, stack.url, key=stack.deployment.key)
    page.prefer(scheme)
    assert accessibility_violations(page) == []
    page.evaluate("document.querySelector('[role=combobox]').focus()")
    page.wait_for("document.querySelectorAll('[role=option]').length > 5")
    page.evaluate("for (const menu of document.querySelectorAll('details')) menu.open = true")
    page.evaluate(
        "for (const button of document.querySelectorAll('[aria-pressed]')) button.click()"
    )
    page.wait_for(f"document.querySelectorAll('table').length === {len(PANELS)}")
    page.resize(PHONE_WIDTH)
    assert accessibility_violations(page) == []
    is_dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 20, 27)"
    assert is_dark == (scheme == "dark")


@pytest.mark.parametrize("width", [PHONE_WIDTH, 768, 1920])
def test_page_fits_every_width(width: int, stack: Stack, page: Page) -> None:
    search = "?organisation=octo-org&window=2026-01-01..2026-03-31&severity=HIGH&definition=github"
    open_dashboard(page, stack.url, key=stack.deployment.key, search=search)
    page.resize(width)
    page.wait_for(f"document.documentElement.scrollWidth <= {width}")
    page.wait_for(
        "[...document.querySelectorAll('.plot canvas')].every(canvas =>"
        " canvas.getBoundingClientRect().right <= canvas.closest('.panel').clientWidth"
        " + canvas.closest('.panel').getBoundingClientRect().left)"
    )
    columns = page.evaluate(
        "[...document.querySelectorAll('td:has(code)')].map(cell => cell.clientWidth)"
    )
    assert columns
    assert min(columns) >= NARROWEST_TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_picture_of_each_chart_is_a_png(scheme: str, stack: Stack, page: Page) -> None:
    open_dashboard(page, stack.url, key=stack.deployment.key)
    page.prefer(scheme)
    for panel in CHARTS:
        page.evaluate(
            "window.saved = undefined;"
            "URL.createObjectURL = blob => { window.saved = blob; return '#'; };"
            f"document.querySelector('#panel-{panel} .picture').click()"
        )
        page.wait_for("window.saved !== undefined")
        width, height, corner = settled(
            page,
            "createImageBitmap(window.saved).then(image => {"
            " const context = new OffscreenCanvas(1, 1).getContext('2d');"
            " context.drawImage(image, 0, 0);"
            " return [image.width, image.height, context.getImageData(0, 0, 1, 1).data[0]]; })",
        )
        assert (width > 500, height > 250) == (True, True)
        assert (corner > 127) == (scheme == "light")
    assert page.errors == []


def test_dark_page_prints_light(stack: Stack, page: Page) -> None:
    open_dashboard(page, stack.url, key=stack.deployment.key)
    page.prefer("dark")
    page.evaluate(
        """
        window.has = (red, green, blue) => {
          const canvas = document.querySelector('#panel-Flow canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          for (let at = 0; at < data.length; at += 4)
            if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) return true;
          return false;
        };
        addEventListener('beforeprint', async () => {
          for (let turn = 0; turn < 5; turn++) await null;
          window.isLightOnPaper = has(31, 95, 191) && !has(110, 168, 247);
        });
        """
    )
    page.wait_for("has(110, 168, 247)")
    assert page.printed().startswith(b"%PDF")
    assert page.evaluate("isLightOnPaper")
    page.wait_for("has(110, 168, 247)")
    assert page.errors == []


def test_warnings_of_the_api_are_shown(stack: Stack, page: Page) -> None:
    search = "?organisation=octo-org&tool=Nothing"
    open_dashboard(page, stack.url, key=stack.deployment.key, search=search)
    assert '"Nothing"' in page.evaluate("document.querySelector('.banner').innerText")


def test_error_of_the_api_is_shown(stack: Stack, page: Page) -> None:
    page.open(f"{stack.url}/dashboard?organisation=not+a+login#key={stack.deployment.key}")
    page.wait_for("document.querySelector('[role=alert]') !== null")
    assert "not a login" in page.evaluate("document.querySelector('[role=alert]').innerText")
