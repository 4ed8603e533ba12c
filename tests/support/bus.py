"""EventBridge with the recorder behind it, for tests without the state machine."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.events.alert_detail import from_detail
from ingest.recording.recorder import Recorder


@dataclass
class Bus:
    """Records the event of each entry at once.

    It refuses the entries whose positions are in `refused`, once each, and fails at `interrupted`,
    as if the user pressed Ctrl-C then.
    """

    recorder: Recorder
    refused: set[int] = field(default_factory=set)
    interrupted: int | None = None
    entries: int = 0

    def put_events(self, *, Entries: Sequence[Any]) -> Any:  # noqa: N803
        results: list[dict[str, str]] = []
        for entry in Entries:
            self.entries += 1
            if self.entries == self.interrupted:
                raise KeyboardInterrupt
            if self.entries in self.refused:
                results.append({"ErrorCode": "ThrottlingException"})
                continue
            self.recorder.record(from_detail(json.loads(entry["Detail"])))
            results.append({"EventId": str(self.entries)})
        failed = sum("ErrorCode" in one for one in results)
        return {"FailedEntryCount": failed, "Entries": results}
