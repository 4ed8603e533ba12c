"""The page of each step: what it shows, and that nothing in it can become HTML."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from operations.connect.guide import page
from operations.connect.guide.page import Step, View
from tests.unit.operations.connect.conftest import MONA, WEB

HOSTILE = "<script>alert('1')</script>\"'&"


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_first_step_posts_the_manifest_to_github(view: View) -> None:
    text = page.html(view, nonce="n")
    elements = Elements(text)
    assert elements.all("form") == [{"method": "post", "action": view.form_url}]
    assert elements.all("input") == [
        {"type": "hidden", "name": "manifest", "value": '{"name": "GCSMTTR acme"}'}
    ]
    assert "Continue on github.com" in text
    assert "It cannot read code, and it cannot change anything." in text
    assert "as an owner of acme" in text


def test_user_signs_in_as_himself(view: View) -> None:
    assert "as mona." in page.html(replace(view, target=MONA), nonce="n")


@pytest.mark.parametrize("step", Step)
def test_every_step_escapes_what_comes_from_outside(step: Step, view: View) -> None:
    hostile = replace(
        view,
        step=step,
        stack=HOSTILE,
        target=replace(view.target, name=HOSTILE, owner=HOSTILE),
        form_url=f"https://github.com/{HOSTILE}",
        install_url=f"https://github.com/{HOSTILE}",
        manifest={"name": HOSTILE},
        note=HOSTILE,
        command=HOSTILE,
    )
    for target in (hostile.target, replace(hostile.target, kind=WEB.kind)):
        text = page.html(replace(hostile, target=target), nonce="n")
        assert "<script>" not in text
        (body,) = Elements(text).all("body")
        assert body["data-version"] == f"{step.value} {HOSTILE}"


@pytest.mark.parametrize("step", Step)
def test_style_and_script_have_the_nonce_and_the_end_has_no_script(step: Step, view: View) -> None:
    elements = Elements(page.html(replace(view, step=step), nonce="abc"))
    assert elements.all("style") == [{"nonce": "abc"}]
    is_end = step in {Step.DONE, Step.FAILED}
    assert elements.all("script") == ([] if is_end else [{"nonce": "abc"}])


def test_steps_before_the_current_one_are_done(view: View) -> None:
    text = page.html(replace(view, step=Step.INSTALL, install_url="https://x.test/i"), nonce="n")
    items = Elements(text).all("li")
    assert items == [{"class": "done"}, {"aria-current": "step"}, {"class": "later"}]
    assert "All repositories" in text


def test_repository_is_to_be_selected_alone(view: View) -> None:
    text = page.html(replace(view, step=Step.INSTALL, target=WEB), nonce="n")
    assert "Only select repositories" in text
    assert "<strong>acme/web</strong>" in text


def test_resumed_run_opens_the_installation_beside_the_page(view: View) -> None:
    step = replace(view, step=Step.INSTALL, install_url="https://x.test/i")
    (link,) = Elements(page.html(replace(step, is_resumed=True), nonce="n")).all("a")
    assert (link["href"], link["target"], link["rel"]) == ("https://x.test/i", "_blank", "noopener")
    (link,) = Elements(page.html(step, nonce="n")).all("a")
    assert "target" not in link


def test_end_shows_the_next_command_or_the_reason(view: View) -> None:
    command = "gcsmttr backfill --organisation acme"
    assert command in page.html(replace(view, step=Step.DONE, command=command), nonce="n")
    failed = page.html(replace(view, step=Step.FAILED, note="No more."), nonce="n")
    assert "<p>No more.</p>" in failed
