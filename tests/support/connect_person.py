"""A person who connects GitHub: does in the pages what the command asks for, over HTTP."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx2


class Forms(HTMLParser):
    """The links and the fields of the form of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = attributes.get("action", "")
        elif tag == "a":
            self.links.append(attributes["href"])
        elif tag == "input" and attributes.get("type") != "checkbox":
            self.fields[attributes["name"]] = attributes.get("value", "")


@dataclass
class Person:
    """Follows the page of the command and the pages of GitHub.

    `choices` changes fields of GitHub's forms. `on_code` is called with the address to which GitHub
    sends the person back, before that is followed.
    """

    choices: dict[str, str] = field(default_factory=dict)
    repositories: tuple[int, ...] = ()
    on_code: Callable[[str], None] = lambda _: None
    pages: list[str] = field(default_factory=list)

    def create(self, page_url: str) -> None:
        """Open the page of the command, continue on GitHub, and create the App."""
        shown = self._get(page_url)
        forms = Forms(shown.text)
        assert forms.action
        confirmation = httpx2.post(forms.action, data=forms.fields, trust_env=False)
        form = Forms(confirmation.text)
        assert form.action
        created = httpx2.post(
            urljoin(forms.action, form.action),
            data={**form.fields, **self.choices},
            trust_env=False,
        )
        back = created.headers["location"]
        self.on_code(back)
        self.pages.append(httpx2.get(back, follow_redirects=True, trust_env=False).text)

    def install(self, link: str) -> None:
        """Install the App, for some repositories or for all.

        After another run has made the App, GitHub leads to a page that is not served any more.
        """
        chosen = {"repository": [str(one) for one in self.repositories]}
        installed = httpx2.post(link, data=chosen, trust_env=False)
        with suppress(httpx2.ConnectError):
            self._get(installed.headers["location"])

    def _get(self, url: str) -> httpx2.Response:
        response = httpx2.get(url, trust_env=False)
        self.pages.append(response.text)
        return response
