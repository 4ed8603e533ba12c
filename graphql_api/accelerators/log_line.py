"""The line of a request, written without powertools' Logger.

Logger takes longer for its line than the service for a whole alert. Faults, which are rare, stay
Logger's.
"""

import os
from datetime import UTC, datetime

import orjson

from graphql_api.http.request_log import LONGEST_TEXT, RequestLog, shortened

_WITH_LINES = frozenset({"DEBUG", "INFO"})


class QuickRequestLog(RequestLog):
    """A log that composes the lines of requests itself."""

    def answered(self, **facts: object) -> None:
        """Write one line at level INFO, with the keys and values that Logger would write."""
        if self.level not in _WITH_LINES:
            return
        line = {
            "level": "INFO",
            "message": "answered",
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "service": self.service,
            **self.invocation,
            **shortened(facts, LONGEST_TEXT),
        }
        if trace := os.environ.get("_X_AMZN_TRACE_ID"):
            line["xray_trace_id"] = trace.partition(";")[0].removeprefix("Root=")
        print(orjson.dumps(line, default=str).decode(), flush=True)
