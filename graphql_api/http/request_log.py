"""What a query writes to the log: a line for every request, and faults.

The line is as powertools' Logger writes it, but made by hand: an alert is read and answered sooner
than Logger has written of it, and a process has started sooner without it. Faults, which are rare,
are its business. Owns which keys a line has; the facts are its caller's.
"""

import json
import os
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import aws_lambda_powertools
import orjson
from mangum.types import LambdaContext

LONGEST_TEXT = 100
"""The most characters of a fact in a line: clients choose the names of operations."""
LONGEST_TRACEBACK = 20_000
"""The most characters of a fault's traceback."""

_WITH_LINES = frozenset({"DEBUG", "INFO"})


class RequestLog:
    """The log of one process, which answers one request after the other."""

    def __init__(self, *, service: str, level: str) -> None:
        self._service = service
        self._has_lines = level in _WITH_LINES
        self._invocation: dict[str, Any] = {}

    def begin(self, context: LambdaContext) -> None:
        """Have all that is written from now on name this invocation."""
        self._invocation = {
            "cold_start": not self._invocation,
            "function_name": context.function_name,
            "function_request_id": context.aws_request_id,
        }

    def answered(self, **facts: object) -> None:
        """Write one line at level INFO; texts are cut."""
        if not self._has_lines:
            return
        line = {
            "level": "INFO",
            "message": "answered",
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "service": self._service,
            **self._invocation,
            "xray_trace_id": os.environ.get("_X_AMZN_TRACE_ID", "").partition(";")[0][
                :LONGEST_TEXT
            ],
            **{name: _cut(fact, LONGEST_TEXT) for name, fact in facts.items()},
        }
        print(orjson.dumps(line, default=str).decode(), flush=True)

    def fault(self, reference: str, error: BaseException) -> None:
        """Write what went wrong here, and the reference that the client is told, at level ERROR."""
        self._logger.append_keys(**self._invocation)
        self._logger.error("fault", reference=reference, exc_info=error)

    @cached_property
    def _logger(self) -> "aws_lambda_powertools.Logger":
        return aws_lambda_powertools.Logger(
            service=self._service, serialize_stacktrace=False, json_serializer=_fault_line
        )


def _fault_line(line: dict[str, Any]) -> str:
    return json.dumps(
        {name: _cut(value, LONGEST_TRACEBACK) for name, value in line.items()}, default=str
    )


def _cut(value: object, most: int) -> object:
    """Return the value; of a text that is too long, its beginning and its end."""
    if not isinstance(value, str) or len(value) <= most:
        return value
    return f"{value[: most // 2]}…{value[most // 2 - most + 1 :]}"
