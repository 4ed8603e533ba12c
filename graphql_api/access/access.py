"""What the bearer of a key may read: the one place that decides it, whatever kind of key it was.

Pure; `access_key_store` finds out whose key it is, `reader` drops every row that is not allowed.
"""

from typing import NamedTuple


class Access(NamedTuple):
    """Someone with a name who may read some organisations, or all of them (`None`)."""

    name: str
    organisations: frozenset[str] | None = None

    @property
    def is_limited(self) -> bool:
        """Return whether there is anything that may not be shown."""
        return self.organisations is not None

    def may_read(self, organisation: str) -> bool:
        """Return whether rows of this organisation may be shown."""
        return self.organisations is None or organisation in self.organisations
