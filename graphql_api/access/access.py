"""What the holder of an API key can read.

Owns the decision for one organisation. `access.key_store` finds the holder of a key, and
`reading.reader` drops every row that the holder cannot read. Pure.
"""

from typing import NamedTuple


class Access(NamedTuple):
    """The name of a key, and the organisations that its holder can read. None means all."""

    name: str
    organisations: frozenset[str] | None = None

    @property
    def is_limited(self) -> bool:
        """Whether there are organisations that the holder cannot read."""
        return self.organisations is not None

    def may_read(self, organisation: str) -> bool:
        """Return whether the holder can read the rows of this organisation."""
        return self.organisations is None or organisation in self.organisations
