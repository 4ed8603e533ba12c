"""Prints what one invocation of the recorder writes to its log, over tables in memory (moto).

Run as a process of its own with `log_bytes.ENVIRONMENT`: `python -m bench.cost.log_lines`.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from moto import mock_aws

from bench.dynamodb_tables import create_tables
from bench.workload import created
from ingest import instant, recorder_handler
from ingest.events.alert_detail import to_detail

_AGE = timedelta(seconds=3)


class _Context:
    function_name = "Gcsmttr-Pipeline-Recorder-000000000000"
    invoked_function_arn = f"arn:aws:lambda:eu-west-1:000000000000:function:{function_name}"
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    memory_limit_in_mb = 512


def _print_lines() -> None:
    context: Any = _Context()
    with mock_aws():
        create_tables(boto3.client("dynamodb"))
        at = instant.cut(datetime.now(UTC) - _AGE)
        recorder_handler.handler(to_detail(created(1, at=at)), context)


if __name__ == "__main__":
    _print_lines()
