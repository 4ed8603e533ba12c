"""The page that guides a person through the connection, for each of its steps.

Owns the texts and the HTML. Pure: `server` serves it. Everything that comes from outside is
escaped.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from html import escape
from pathlib import Path

from operations.connect.target import Kind, Target

_STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
_SCRIPT = Path(__file__).with_name("page.js").read_text(encoding="utf-8")
_TITLES = ("Create the GitHub App", "Install the App", "Receive the first event")


class Step(IntEnum):
    """Where the connection is."""

    CREATE = 0
    INSTALL = 1
    DELIVERY = 2
    DONE = 3
    FAILED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the page shows.

    Attributes:
        step: Where the connection is.
        target: What is connected.
        stack: The name of the stack.
        form_url: The page of GitHub that gets the manifest.
        manifest: The manifest.
        install_url: The page of GitHub that installs the App.
        is_resumed: Whether an earlier run has made the App.
        note: What is being waited for, or why the connection failed.
        command: The command to run next.
    """

    step: Step
    target: Target
    stack: str
    form_url: str = ""
    manifest: Mapping[str, object] | None = None
    install_url: str = ""
    is_resumed: bool = False
    note: str = ""
    command: str = ""

    @property
    def version(self) -> str:
        """A text that changes with what the page shows."""
        return f"{self.step.value} {self.note}"


def html(view: View, *, nonce: str) -> str:
    """Return the whole page. `nonce` allows its style and its script."""
    target = view.target
    title = f"Connect {target.name} to GCSMTTR"
    body = {
        Step.DONE: _done,
        Step.FAILED: _failed,
    }.get(view.step, _steps)(view)
    script = "" if view.step >= Step.DONE else f'<script nonce="{nonce}">{_SCRIPT}</script>'
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        '<link rel="icon" href="data:,">\n'
        f'<style nonce="{nonce}">{_STYLE}</style>\n</head>\n'
        f'<body data-version="{escape(view.version)}">\n<main>\n'
        f'<p class="product">GCSMTTR · stack {escape(view.stack)}</p>\n'
        f"<h1>{escape(title)}</h1>\n{body}\n</main>\n{script}\n</body>\n</html>\n"
    )


def problem(text: str) -> str:
    """Return a page for a request that does not belong to this run."""
    return f'<!doctype html>\n<html lang="en">\n<title>GCSMTTR</title>\n<p>{escape(text)}</p>\n'


def _steps(view: View) -> str:
    current = {Step.CREATE: _create, Step.INSTALL: _install, Step.DELIVERY: _delivery}[view.step]
    items = []
    for number, title in enumerate(_TITLES):
        if number < view.step:
            items.append(f'<li class="done"><h2>{title} <span>done</span></h2></li>')
        elif number == view.step:
            items.append(f'<li aria-current="step"><h2>{title}</h2>{current(view)}</li>')
        else:
            items.append(f'<li class="later"><h2>{title}</h2></li>')
    return f"<ol>\n{chr(10).join(items)}\n</ol>"


def _create(view: View) -> str:
    target = view.target
    owner, host = escape(target.owner), escape(target.host)
    role = f"an owner of {owner}" if target.is_organisation else owner
    manifest = escape(json.dumps(view.manifest))
    return f"""
<p>A GitHub App sends your stack an event whenever a code scanning alert changes. It is private:
only {owner} can install it.</p>
<ul>
<li>It can read code scanning alerts, and the names and settings of repositories.</li>
<li>It cannot read code, and it cannot change anything.</li>
</ul>
<form method="post" action="{escape(view.form_url)}">
<input type="hidden" name="manifest" value="{manifest}">
<button type="submit">Continue on {host}</button>
</form>
<p class="hint">First sign in to {host} as {role}. If GitHub shows an empty form, come back to this
page and continue again. You can change the name of the App there.</p>"""


def _install(view: View) -> str:
    target = view.target
    if target.kind is Kind.REPOSITORY:
        choice = (
            f"Choose <strong>Only select repositories</strong>, and select only"
            f" <strong>{escape(target.name)}</strong>."
        )
    else:
        choice = (
            "Choose <strong>All repositories</strong>, so that new repositories are included, or"
            " select some."
        )
    window = ' target="_blank" rel="noopener"' if view.is_resumed else ""
    back = (
        "GitHub may then show a page that does not respond. Close it. This page continues by"
        " itself."
        if view.is_resumed
        else "Then GitHub sends you back to this page."
    )
    return f"""
<p>GitHub sends events only after you have installed the App on {escape(target.owner)}. {choice}</p>
<p><a class="button" href="{escape(view.install_url)}"{window}>Install on
{escape(target.host)}</a></p>
<p class="hint">{back}</p>"""


def _delivery(view: View) -> str:
    note = view.note or "Waiting for GitHub."
    return f"""
<p role="status">{escape(note)}</p>
<p class="hint">You do not have to do anything. This takes up to two minutes.</p>"""


def _done(view: View) -> str:
    return f"""
<p class="result">{escape(view.target.name)} is connected.</p>
<p>From now on, GitHub sends every change of a code scanning alert to the stack. To read the alerts
that existed before, run this command in the terminal:</p>
<pre><code>{escape(view.command)}</code></pre>
<p class="hint">You can close this page.</p>"""


def _failed(view: View) -> str:
    return f"""
<p class="result" role="alert">The connection is not complete.</p>
<p>{escape(view.note)}</p>
<p class="hint">The terminal shows what to do next. You can close this page.</p>"""
