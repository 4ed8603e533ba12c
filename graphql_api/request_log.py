"""The line that every request gets in the log: as powertools' Logger writes it, but by hand.

Logger takes longer over a line than an alert takes to be read and answered. Faults, which are rare,
are its business. Owns which keys a line has; the facts are its caller's.
"""

import logging
import os
from datetime import UTC, datetime

import orjson
from aws_lambda_powertools import Logger

_OF_THE_INVOCATION = ("service", "cold_start", "function_name", "function_request_id")


def write(logger: Logger, message: str, **facts: object) -> None:
    """Write one line at level INFO, with what `logger` knows of the present invocation."""
    if logger.log_level > logging.INFO:
        return
    known = logger.get_current_keys()
    line = {
        "level": "INFO",
        "message": message,
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        **{key: known.get(key) for key in _OF_THE_INVOCATION},
        "xray_trace_id": os.environ.get("_X_AMZN_TRACE_ID", "").partition(";")[0],
        **facts,
    }
    print(orjson.dumps(line, default=str).decode(), flush=True)
