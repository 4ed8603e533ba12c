"""GitHub's spelling of a name, for rows whose keys contain the folded name.

Owns the form in which rows and ledger entries store a spelling. Pure.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ingest.instant import from_text, to_text
from ingest.names import owner_of
from rollup.rows import attributes as names


class Spelling(NamedTuple):
    """A name as it was spelled at some time. The greatest of several is the newest."""

    at_ms: int = 0
    text: str = ""

    @property
    def of_owner(self) -> "Spelling":
        """The spelling of the owner of a repository."""
        return Spelling(self.at_ms, owner_of(self.text))

    def to_attributes(self, name: str) -> dict[str, Any]:
        """Return the attributes of an item: the text as `name`, and its time; none if unknown."""
        if not self.text:
            return {}
        return {name: {"S": self.text}, names.SPELLED_AT: {"S": to_text(self.at_ms)}}

    @classmethod
    def from_item(cls, item: Mapping[str, Any], name: str) -> "Spelling":
        """Return the spelling that an item stores as `name`, or UNKNOWN."""
        return (
            cls(from_text(item[names.SPELLED_AT]["S"]), item[name]["S"]) if name in item else cls()
        )


UNKNOWN = Spelling()
"""The spelling of a name before its first event."""
