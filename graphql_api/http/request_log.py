"""The log of the query function: one line for each request, and one for each internal error.

Owns the fields that every line has, and the maximum length of a field. The caller passes the other
fields. powertools' Logger writes the lines.
"""

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mangum.types import LambdaContext

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

LONGEST_TEXT = 100
"""Characters of a field in the line of a request. Clients choose the names of operations."""
LONGEST_TRACEBACK = 20_000
"""Characters of the traceback of an internal error."""


class RequestLog:
    """The log of a process, which handles one request at a time."""

    def __init__(self, *, service: str, level: str) -> None:
        self.service = service
        self.level = level
        self.invocation: dict[str, Any] = {}

    def begin(self, context: LambdaContext) -> None:
        """Add the fields of this invocation to all lines from now on."""
        self.invocation = {
            "cold_start": not self.invocation,
            "function_name": context.function_name,
            "function_request_id": context.aws_request_id,
        }

    def answered(self, **fields: object) -> None:
        """Write the line of a request at level INFO.

        Long texts are cut, and fields with the value None are left out.
        """
        self._logger.info("answered", **self.invocation, **shortened(fields, LONGEST_TEXT))

    def fault(self, reference: str, error: BaseException) -> None:
        """Write an internal error, and the reference that the client got, at level ERROR."""
        self._logger.error("fault", reference=reference, exc_info=error, **self.invocation)

    @cached_property
    def _logger(self) -> "Logger":
        # Imported on first use, since the import takes a part of a cold start.
        from aws_lambda_powertools import Logger  # noqa: PLC0415

        return Logger(
            service=self.service,
            level=self.level,
            location=None,
            use_rfc3339=True,
            utc=True,
            serialize_stacktrace=False,
            json_serializer=_line,
        )


def shortened(fields: dict[str, Any], max_length: int) -> dict[str, Any]:
    """Return the fields without those that are None. Long texts keep their beginning and end."""
    return {name: _cut(value, max_length) for name, value in fields.items() if value is not None}


def _line(fields: dict[str, Any]) -> str:
    return json.dumps(shortened(fields, LONGEST_TRACEBACK), default=str)


def _cut(value: object, max_length: int) -> object:
    if not isinstance(value, str) or len(value) <= max_length:
        return value
    head = max_length // 2
    tail = max_length - head - 1
    return f"{value[:head]}…{value[len(value) - tail :]}"
