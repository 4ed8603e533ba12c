"""The pictures of the documentation: what each of them shows, and how it is saved.

Owns the names of the files in `docs/images`, the sizes of the screen and the steps in the page.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.support.browser import Page
from tests.support.dashboard.page import wait_for_numbers
from tests.support.paths import ROOT

FOLDER = ROOT / "docs" / "images"
_ORGANISATION = "?organisation=octo-org&window=12m"
_DESKTOP = 1280
_PHONE = 360
_COLOURS = 256
_MARGIN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One file: the choice of the page, the screen, and which part is saved after which steps.

    `first` and `last` are selectors of the first and the last element in the picture. Without
    them, the picture starts at the top of the page and ends at its bottom.
    """

    name: str
    search: str = _ORGANISATION
    width: int = _DESKTOP
    scheme: str = "light"
    first: str = ""
    last: str = ""
    act: Callable[[Page], None] | None = None

    @property
    def file(self) -> Path:
        """Return the path of the file."""
        return FOLDER / f"{self.name}.png"


def _search_names(page: Page) -> None:
    page.evaluate("document.querySelector('[role=combobox]').focus()")
    page.type("de")
    page.wait_for("document.querySelectorAll('[role=option]').length === 3")


def _open_in_graphiql(page: Page) -> None:
    page.click("#panel-Speed .actions a")
    page.wait_for(
        "document.querySelector('.graphiql-query-editor .view-lines')?.innerText.includes('Speed')"
    )
    page.click(".graphiql-execute-button")
    page.wait_for(
        "document.querySelector('.result-window .view-lines')?.innerText.includes('median')"
    )


PICTURES = (
    Picture(name="dashboard", last="#panel-Ages"),
    Picture(name="dashboard-dark", scheme="dark", last="#panel-Ages"),
    Picture(name="dashboard-tables", first="#panel-MostOverdue", last="#panel-OverdueAlerts"),
    Picture(
        name="dashboard-repository",
        search="?repository=octo-org/checkout&window=90d&definition=github",
        last="#panel-ServiceLevels",
    ),
    Picture(name="dashboard-search", last=".key-numbers", act=_search_names),
    Picture(name="dashboard-phone", width=_PHONE, last="#panel-Speed"),
    Picture(name="graphiql", act=_open_in_graphiql),
)


def take(page: Page, picture: Picture, url: str, *, key: str) -> None:
    """Open the dashboard, do the steps of a picture, and save it."""
    page.open(f"{url}{picture.search}#key={key}")
    page.resize(picture.width, 800)
    page.prefer(picture.scheme)
    wait_for_numbers(page)
    if picture.act:
        picture.act(page)
    _wait_until_drawn(page)
    top = _edge(page, picture.first, "top") - _MARGIN if picture.first else 0.0
    bottom = _edge(page, picture.last, "bottom") + _MARGIN if picture.last else None
    height = None if bottom is None else bottom - top
    picture.file.write_bytes(_compressed(page.picture(top=top, height=height)))


def _wait_until_drawn(page: Page) -> None:
    page.evaluate(
        "window.drawn = false;"
        "requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = true; }))"
    )
    page.wait_for("window.drawn && document.fonts.status === 'loaded'")


def _edge(page: Page, selector: str, edge: str) -> float:
    value: float = page.evaluate(
        f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().{edge} + scrollY"
    )
    return value


def _compressed(picture: bytes) -> bytes:
    """Return a PNG with a palette, which has about a third of the size."""
    with Image.open(io.BytesIO(picture)) as image:
        # This method keeps the exact colours of large areas.
        small = image.convert("RGB").quantize(_COLOURS, Image.Quantize.MEDIANCUT)
    saved = io.BytesIO()
    small.save(saved, "PNG", optimize=True)
    return saved.getvalue()
