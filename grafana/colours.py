"""The colours of the dashboard page, from its stylesheet.

A Grafana dashboard has one set of colours for both themes. The dark set is used, since it is
readable on both pages and dark is the default of Grafana.
"""

import re
from functools import cache
from pathlib import Path

from ingest.terms import Severity

_STYLE = Path(__file__).parents[1] / "dashboard" / "src" / "style" / "colours.css"


def colour(name: str) -> str:
    """Return a colour of the dark set, such as `#f0508a` for `severity-critical`."""
    return _dark()[name]


def severity_colours() -> dict[Severity, str]:
    """Return the colour of each severity, most severe first."""
    return {severity: colour(f"severity-{severity.lower()}") for severity in Severity}


@cache
def _dark() -> dict[str, str]:
    dark = _STYLE.read_text(encoding="utf-8").partition("@media")[2]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))
