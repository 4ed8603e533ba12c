"""The last good copy of the hook ranges with its time, and the text that is stored. Pure."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from ingest.errors import HookRangesError
from ingest.source_addresses.hook_ranges import HookRanges


@dataclass(frozen=True, slots=True)
class StoredRanges:
    """The ranges, and when they were stored (in UTC)."""

    ranges: HookRanges
    stored_at: datetime

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the copy in a text such as `{"hooks": [...], "storedAt": "2026-11-01T09:00:00Z"}`.

        Raises:
            HookRangesError: `hook_ranges_malformed`.
        """
        ranges = HookRanges.parse(text)
        try:
            stored_at = datetime.fromisoformat(json.loads(text)["storedAt"])
        except (ValueError, KeyError, TypeError) as error:
            raise HookRangesError("hook_ranges_malformed") from error
        if stored_at.tzinfo is None:
            raise HookRangesError("hook_ranges_malformed")
        return cls(ranges, stored_at)

    def to_text(self) -> str:
        """Return the text that `parse` reads."""
        stored_at = self.stored_at.isoformat(timespec="seconds")
        return json.dumps({"hooks": self.ranges.to_list(), "storedAt": stored_at})

    def age_h(self, now: datetime) -> float:
        """Return the hours since the copy was stored."""
        return max(0.0, (now - self.stored_at) / timedelta(hours=1))
