"""How long requests to AWS services take at most, and when clients are made."""

import socket
import time

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError

from ingest.clients import OTHER_PAUSE_S, TABLE_PAUSE_S, TABLES, WEBHOOK, Waits, make_at_start


def test_request_that_gets_no_response_ends_in_the_longest_time() -> None:
    waits = Waits(connect_s=1, read_s=1, attempts=2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = boto3.client(
            "dynamodb",
            region_name="eu-west-1",
            endpoint_url=f"http://127.0.0.1:{silent.getsockname()[1]}",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=waits.config,
        )
        started = time.monotonic()
        with pytest.raises(ReadTimeoutError):
            client.get_item(TableName="t", Key={"a": {"S": "1"}})
        took_s = time.monotonic() - started
    assert waits.attempts * waits.read_s <= took_s <= waits.longest_s(TABLE_PAUSE_S)


def test_longest_time_includes_all_attempts_and_pauses() -> None:
    assert WEBHOOK.longest_s(OTHER_PAUSE_S) == 7
    assert TABLES.longest_s(TABLE_PAUSE_S) == pytest.approx(16.35)


def test_only_a_process_of_lambda_makes_clients_at_its_start() -> None:
    made: list[str] = []
    make_at_start(lambda: made.append("here"), environment={})
    make_at_start(
        lambda: made.append("on Lambda"), environment={"AWS_LAMBDA_FUNCTION_NAME": "receiver"}
    )
    assert made == ["on Lambda"]
