"""What a query writes to the log: a line for every request, and faults.

Owns which keys a line has and how long they may be. Its caller chooses the facts, and powertools'
Logger the form.
"""

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mangum.types import LambdaContext

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

LONGEST_TEXT = 100
"""The most characters of a fact in a line: clients choose the names of operations."""
LONGEST_TRACEBACK = 20_000
"""The most characters of a fault's traceback."""


class RequestLog:
    """The log of one process, which answers one request after the other."""

    def __init__(self, *, service: str, level: str) -> None:
        self.service = service
        self.level = level
        self.invocation: dict[str, Any] = {}

    def begin(self, context: LambdaContext) -> None:
        """Name this invocation in all lines from now on."""
        self.invocation = {
            "cold_start": not self.invocation,
            "function_name": context.function_name,
            "function_request_id": context.aws_request_id,
        }

    def answered(self, **facts: object) -> None:
        """Write one line at level INFO; texts are cut, and facts that are None left out."""
        self._logger.info("answered", **self.invocation, **shortened(facts, LONGEST_TEXT))

    def fault(self, reference: str, error: BaseException) -> None:
        """Write a fault of ours, and the reference that the client got, at level ERROR."""
        self._logger.error("fault", reference=reference, exc_info=error, **self.invocation)

    @cached_property
    def _logger(self) -> "Logger":
        # Imported on first use: a cold start that writes no such line does not need it.
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


def shortened(facts: dict[str, Any], most: int) -> dict[str, Any]:
    """Return the facts that are known; of a text that is too long, its beginning and its end."""
    return {name: _cut(fact, most) for name, fact in facts.items() if fact is not None}


def _line(facts: dict[str, Any]) -> str:
    return json.dumps(shortened(facts, LONGEST_TRACEBACK), default=str)


def _cut(value: object, most: int) -> object:
    if not isinstance(value, str) or len(value) <= most:
        return value
    return f"{value[: most // 2]}…{value[most // 2 - most + 1 :]}"
