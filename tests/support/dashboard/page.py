"""The dashboard in a browser, as a user reads and uses it."""

import csv
import io
import json
from typing import Any
from urllib.parse import parse_qs

from tests.support.browser import Page
from tests.support.paths import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PANELS = (
    *("Speed", "Flow", "OpenBySeverity", "Ages", "Cohorts", "ServiceLevels"),
    *("MostOverdue", "Slowest", "Teams", "OverdueAlerts", "NoisyRules"),
)
CHARTS = PANELS[:5]
NOTHING = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


def open_dashboard(page: Page, url: str, *, key: str, search: str = "") -> None:
    """Open the page signed in, and wait for its numbers."""
    page.open(f"{url}/dashboard{search}#key={key}")
    page.resize(1440, 900)
    wait_for_numbers(page)


def wait_for_numbers(page: Page) -> None:
    """Wait until all requests for panels have responses."""
    page.wait_for("document.querySelector('#numbers')?.getAttribute('aria-busy') === 'false'")
    page.wait_for("document.querySelector('.panel .placeholder') === null")
    page.wait_for("getComputedStyle(document.querySelector('#numbers')).opacity === '1'")


def settled(page: Page, promise: str) -> Any:
    """Return what a promise in the page resolves to."""
    page.evaluate(
        f"window.settled = undefined; ({promise}).then(value => window.settled = {{value}})"
    )
    return page.wait_for("window.settled")["value"]


def csv_of(page: Page, panel: str) -> list[list[str]]:
    """Click the panel's button for CSV, and return the header and the rows of the file."""
    page.evaluate(
        "URL.createObjectURL = blob => { window.saved = blob; return '#'; };"
        f"document.querySelector('#panel-{panel} .csv').click()"
    )
    text = settled(page, "window.saved.text()")
    return list(csv.reader(io.StringIO(text)))


def table_of(page: Page, panel: str) -> list[list[str]]:
    """Return the shown texts of the panel's table. A chart is changed to its table first."""
    page.evaluate(
        f"document.querySelector('#panel-{panel} .actions [aria-pressed=false]')?.click()"
    )
    page.wait_for(f"document.querySelector('#panel-{panel} table') !== null")
    cells = "[...row.cells].map(cell => cell.innerText.trim())"
    rows: list[list[str]] = page.evaluate(
        f"[...document.querySelectorAll('#panel-{panel} tbody tr')].map(row => {cells})"
    )
    return rows


def query_of(page: Page, panel: str) -> tuple[str, dict[str, Any]]:
    """Return the query and the variables in the panel's link to GraphiQL."""
    section = ".key-numbers" if panel == "Cards" else f"#panel-{panel}"
    address: str = page.evaluate(f"document.querySelector('{section} .actions a').hash")
    parameters = parse_qs(address.removeprefix("#"))
    return parameters["query"][0], json.loads(parameters["variables"][0])


def cards_of(page: Page) -> dict[str, str]:
    """Return the number of each card as it is shown, by its label."""
    cards: dict[str, str] = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.card')].map(card =>"
        " [card.querySelector('h2').innerText, card.querySelector('.value').innerText]))"
    )
    return cards


def accessibility_violations(page: Page) -> list[str]:
    """Return what axe-core finds, as texts with the elements."""
    page.evaluate(AXE.read_text())
    found = settled(page, "axe.run(document)")
    return [
        f"{violation['id']}: {[node['html'][:200] for node in violation['nodes']]}"
        for violation in found["violations"]
    ]


def matches(text: str, value: float | None) -> bool:
    """Return whether a shown number is the rounded value of the API."""
    if value is None:
        return text == NOTHING
    number, _, unit = text.replace(",", "").replace(MINUS, "-").lstrip("+±").partition(" ")
    exact = value * {"": 1, "d": 1, "h": 24, "%": 100}[unit]
    # Small numbers have one decimal, which is not shown if it is zero.
    has_decimal = "." in number or abs(float(number)) < 10
    tolerance = 0 if not unit else 0.05 if has_decimal and unit != "%" else 0.5
    return abs(float(number) - exact) <= tolerance + 1e-9
