"""What the holder of an API key can read.

Owns the decision for one organisation. `access.key_store` finds the holder of a key, and
`reading.reader` drops every row that the holder cannot read. Pure.
"""

from typing import NamedTuple


class Access(NamedTuple):
    """What a key permits.

    Attributes:
        name: The name of the key.
        organisations: The organisations that its holder can read, in lower case. None means all.
        expires_at: When it stops working, as an RFC 3339 text, or None.
    """

    name: str
    organisations: frozenset[str] | None = None
    expires_at: str | None = None

    @property
    def is_limited(self) -> bool:
        """Whether there are organisations that the holder cannot read."""
        return self.organisations is not None

    def may_read(self, organisation: str) -> bool:
        """Return whether the holder can read the rows of this organisation."""
        return self.organisations is None or organisation in self.organisations

    def is_expired(self, now: str) -> bool:
        """Return whether it does not work any more. `now` has the form of `expires_at`."""
        return self.expires_at is not None and self.expires_at <= now
