"""The bytes that an invocation writes to its log: the lines of the recorder and those of Lambda.

The recorder is the function whose line and metrics are measured, in a process of its own: see
`log_lines`.
"""

import os
import subprocess
import sys

ENVIRONMENT = {
    "ALL_EVENTS_TABLE": "AllEvents",
    "REPOSITORIES_TABLE": "Repositories",
    "UNKNOWN_CHANGES_DAYS": "30",
    "STACK_NAME": "Gcsmttr",
    "POWERTOOLS_SERVICE_NAME": "recorder",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
}

LINES_OF_LAMBDA = (
    '{"time":"2026-11-29T12:00:00.000Z","type":"platform.start","record":{"requestId":'
    '"00000000-0000-0000-0000-000000000000","version":"$LATEST"}}\n'
    '{"time":"2026-11-29T12:00:00.000Z","type":"platform.report","record":{"requestId":'
    '"00000000-0000-0000-0000-000000000000","metrics":{"durationMs":50.123,"billedDurationMs":51,'
    '"memorySizeMB":512,"maxMemoryUsedMB":123},"status":"success"}}\n'
)
"""What Lambda itself writes, in the format of "Lambda JSON log format" (AWS Lambda Developer
Guide)."""

_STEP = 50


def measured_bytes() -> int:
    """Return the bytes of an invocation's log, in full steps of 50: numbers vary in length."""
    command = [sys.executable, "-m", "bench.cost.log_lines"]
    run = subprocess.run(command, env=os.environ | ENVIRONMENT, stdout=subprocess.PIPE, check=True)
    return -(-(len(run.stdout) + len(LINES_OF_LAMBDA)) // _STEP) * _STEP
