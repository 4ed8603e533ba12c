"""The table of the webhook's responses in docs/connecting.md, for tests of real responses."""

import re
from dataclasses import dataclass

from tests.support.paths import ROOT

_HEADING = "## Responses of the webhook"
_ANY = "with a reason"


@dataclass(frozen=True)
class Documented:
    """The documented responses: the names in the rows of each status, and what else they permit.

    Attributes:
        names: The outcomes and reasons that the rows of a status list.
        with_any_reason: The statuses whose rows permit any reason.
    """

    names: dict[int, set[str]]
    with_any_reason: set[int]

    def permits(self, status: int, body: dict[str, str]) -> bool:
        """Return whether the table has a response with this status and body."""
        if status not in self.names:
            return False
        listed = self.names[status]
        said = {body.get("outcome"), body.get("reason")}
        return status in self.with_any_reason or not listed or bool(said & listed)


def documented() -> Documented:
    """Read the table."""
    section = (ROOT / "docs" / "connecting.md").read_text().partition(_HEADING)[2]
    names: dict[int, set[str]] = {}
    with_any_reason = set()
    for line in section.splitlines():
        cells = line.strip("| ").split(" | ")
        found = re.match(r"(\d{3})\b", cells[1]) if line.startswith("|") and cells[1:] else None
        if found is not None:
            status = int(found.group(1))
            names.setdefault(status, set()).update(re.findall(r"`([a-z_]+)`", cells[1]))
            if _ANY in cells[1]:
                with_any_reason.add(status)
    return Documented(names, with_any_reason)
