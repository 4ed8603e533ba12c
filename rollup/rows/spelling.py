"""How GitHub spells a name, for rows whose keys hold it folded.

Owns the attributes in which rows and ledger entries keep a spelling. Pure.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ingest.instant import from_text, to_text
from ingest.names import owner_of

_AT = "spelledAt"


class Spelling(NamedTuple):
    """A name as it was spelled at some time. Of several the greatest one counts: the newest."""

    at_ms: int = 0
    text: str = ""

    @property
    def of_owner(self) -> "Spelling":
        """The spelling of the owner of a repository."""
        return Spelling(self.at_ms, owner_of(self.text))

    def to_attributes(self, name: str) -> dict[str, Any]:
        """The attributes of an item: the text under `name`, and its time; none where unknown."""
        if not self.text:
            return {}
        return {name: {"S": self.text}, _AT: {"S": to_text(self.at_ms)}}

    @classmethod
    def from_item(cls, item: Mapping[str, Any], name: str) -> "Spelling":
        """The spelling that an item's attributes hold."""
        return cls(from_text(item[_AT]["S"]), item[name]["S"]) if name in item else cls()


UNKNOWN = Spelling()
"""No spelling was seen yet."""
