"""The numbers of the dashboard equal the API's answers to the queries of its panels."""

from typing import Any

import pytest

from tests.integration.dashboard.conftest import Stack
from tests.support.browser import Page
from tests.support.dashboard import expected
from tests.support.dashboard.page import (
    PANELS,
    cards_of,
    csv_of,
    matches,
    open_dashboard,
    query_of,
    table_of,
)
from tests.support.graphiql_journey import needs_a_browser

CHOICES = {
    "organisation": "?organisation=octo-org",
    "github": "?organisation=octo-org&window=12m&definition=github",
    "filtered": "?organisation=octo-org&window=30d&severity=HIGH&severity=LOW&tool=CodeQL"
    "&branch=DEFAULT&definition=gitlab",
    "team": "?organisation=octo-org&team=payments",
    "repository": "?repository=octo-org/api-gateway",
}


def answer(stack: Stack, page: Page, panel: str) -> dict[str, Any]:
    """Return the API's answer to the query of a panel: the fields of its subject."""
    query, variables = query_of(page, panel)
    (scope,) = stack.deployment.ask(query, **variables).data.values()
    return dict(scope)


@needs_a_browser
@pytest.mark.parametrize("search", CHOICES.values(), ids=CHOICES)
def test_every_number_equals_the_answer_to_its_own_query(
    search: str, stack: Stack, page: Page
) -> None:
    open_dashboard(page, stack.url, key=stack.deployment.key, search=search)
    shown_panels = page.evaluate("[...document.querySelectorAll('.panel')].map(p => p.id.slice(6))")
    assert shown_panels == panels_of(search)

    cards = cards_of(page)
    for label, number in expected.cards(answer(stack, page, "Cards")).items():
        assert matches(cards[label], number), (label, cards[label], number)
    for panel in shown_panels:
        scope = answer(stack, page, panel)
        rows = expected.rows_of(panel, scope)
        if "repository" in search and panel == "OverdueAlerts":
            rows = [[*row[:2], *row[3:]] for row in rows]
        if not rows:
            assert page.evaluate(f"document.querySelector('#panel-{panel} .nothing') !== null")
            continue
        _, *saved = csv_of(page, panel)
        assert [[cell_value(cell) for cell in row] for row in saved] == [
            [cell_value("" if value is None else str(value)) for value in row] for row in rows
        ], panel
        for texts, row in zip(table_of(page, panel), rows, strict=True):
            for text, value in zip(texts, row, strict=True):
                if not isinstance(value, str):
                    assert matches(text, value), (panel, texts, row)
    assert page.errors == []


def panels_of(search: str) -> list[str]:
    """Return the panels for a choice: a repository or a team is compared with nothing."""
    if "repository" in search:
        return [panel for panel in PANELS if panel not in {"MostOverdue", "Slowest", "Teams"}]
    return [panel for panel in PANELS if panel != "Teams" or "team" not in search]


def cell_value(text: str) -> str | float:
    """Return a cell of a CSV as a number if it is one: 1 and 1.0 are the same."""
    try:
        return float(text)
    except ValueError:
        return text


@needs_a_browser
def test_page_takes_two_requests_after_the_names(stack: Stack, page: Page) -> None:
    open_dashboard(page, stack.url, key=stack.deployment.key, search=CHOICES["organisation"])
    assert len([url for url in page.requests if url.endswith("/graphql")]) == 3
    assert [url for url in page.requests if not url.startswith(stack.url)] == []
