"""The page docs/limits-and-settings.md as Markdown.

Owns its layout. Its contents come from `limits` and `infra.settings`.
"""

from collections.abc import Iterator, Sequence

from infra.paths import ROOT
from infra.reference.limits import LIMITS
from infra.settings.every import SETTINGS
from infra.settings.setting import NONE

FILE = ROOT / "docs" / "limits-and-settings.md"
COMMAND = "make schema"
_HEAD = f"""\
<!-- `{COMMAND}` generates this from infra/settings and infra/reference/limits.py -->

# Limits and settings

## Settings

Write settings into a file, `deployments/NAME.json`, and deploy them with `make deploy
DEPLOYMENT=NAME`; [Deploying](deploying.md#settings) shows an example. Settings are also keys of the
CDK's context: `make deploy CONTEXT="-c logLevel=DEBUG"` sets one once. A setting with a wrong value
or an unknown name stops the deployment with the reason.
"""
_LIMITS = """\
## Limits

A request beyond a limit with a reason gets an error with that reason: a query in
`extensions.reason`, a webhook in `reason`. An event that was accepted and is beyond a limit goes to
the dead-letter queue.
"""


def page() -> str:
    """Return the page as Markdown."""
    settings = [
        (f"`{one.key}`", one.meaning, _cell(one.shown_default), one.accepts) for one in SETTINGS
    ]
    parts = [_HEAD, _table(("key", "meaning", "default", "accepted"), settings), _LIMITS]
    for title, limits in LIMITS.items():
        rows = [(one.what, one.value(), _cell(one.reason)) for one in limits]
        parts += [f"### {title}\n", _table(("what", "limit", "reason"), rows)]
    return "\n".join(parts)


def _cell(text: str) -> str:
    return f"`{text}`" if text and " " not in text and text != NONE else text


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "".join(f"{line}\n" for line in _lines(head, rows))


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
