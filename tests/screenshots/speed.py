"""How fast the page is, by the clock of the browser. It measures and never asserts."""

from pathlib import Path
from statistics import median

from tests.support.browser import browser
from tests.support.dashboard.page import wait_for_numbers

VISITS = 5
_NOTE_TIMES = """
window.times = {};
const note = (name, selector) => {
  if (!(name in times) && document.querySelector(selector)) times[name] = performance.now();
};
new MutationObserver(() => {
  note('page', 'header');
  note('cards', '.card .value');
  note('charts', '.plot canvas');
}).observe(document, { childList: true, subtree: true });
"""
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def first_content(link: str, folder: Path) -> str:
    """Return the times from the start of a visit, each the median of visits without a cache."""
    visits = []
    for visit in range(VISITS):
        with browser(folder / f"visit-{visit}") as page:
            page.open(link, first=_NOTE_TIMES)
            page.wait_for("document.querySelector('.plot canvas') !== null")
            wait_for_numbers(page)
            painted = page.wait_for(_PAINTED)
            visits.append({"first paint": painted, **page.evaluate("window.times")})
    return ", ".join(
        f"{name} {median(visit[name] for visit in visits):.0f} ms" for name in visits[0]
    )
