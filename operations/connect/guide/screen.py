"""What the person sees: the page in the browser, and lines in the terminal, with the same content.

Owns when the browser is opened: at the first step on which the person must act.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from operations.connect.guide.page import Step, View
from operations.connect.guide.server import PageServer

_SECONDS_TO_SEE_THE_END = 5.0


class Terminal(Protocol):
    """The terminal and the browser of the person."""

    def note(self, text: str) -> None:
        """Print a line."""
        ...

    def open(self, url: str) -> None:
        """Print the address of a page, and open it."""
        ...


class Screen:
    """The page and the terminal of one run."""

    def __init__(self, page: PageServer, terminal: Terminal, view: View) -> None:
        self.page = page
        self.note = terminal.note
        self._open = terminal.open
        self._view = view
        self._is_open = False

    def create(self, form_url: str, manifest: Mapping[str, object]) -> None:
        """Ask the person to create the App."""
        self._ask(replace(self._view, step=Step.CREATE, form_url=form_url, manifest=manifest))

    def install(self, install_url: str, *, is_resumed: bool) -> None:
        """Ask the person to install the App."""
        self._ask(
            replace(self._view, step=Step.INSTALL, install_url=install_url, is_resumed=is_resumed)
        )

    def delivery(self, note: str = "") -> None:
        """Show the state of the deliveries."""
        self._show(replace(self._view, step=Step.DELIVERY, note=note))

    def done(self, command: str) -> None:
        """Show that all is done, and the next command."""
        self._end(replace(self._view, step=Step.DONE, note="", command=command))

    def failed(self, reason: str) -> None:
        """Show why the connection is not complete."""
        self._end(replace(self._view, step=Step.FAILED, note=reason))

    def _ask(self, view: View) -> None:
        self._show(view)
        if not self._is_open:
            self._is_open = True
            self._open(self.page.url)

    def _show(self, view: View) -> None:
        self._view = view
        self.page.show(view)

    def _end(self, view: View) -> None:
        self._show(view)
        if self._is_open:
            self.page.wait_until_seen(_SECONDS_TO_SEE_THE_END)
