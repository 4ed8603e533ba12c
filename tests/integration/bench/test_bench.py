"""The benchmark over moto: the meter's counts by hand, and a small run of the rollup part."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from bench.dynamodb_tables import LEDGER, create_tables
from bench.report import Table
from bench.rollup import part as rollup_part
from bench.rollup.growth import KINDS
from bench.rollup.meter import Meter, Tally, UnmeteredError
from bench.rollup.stack import Costs, running
from bench.workload import created, stream_record

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

KEY: dict[str, Any] = {"source": {"S": "s"}, "part": {"S": "p"}}
LARGE: dict[str, Any] = {**KEY, "cells": {"B": b"x" * 5_000}}


@pytest.fixture
def client() -> "Iterator[DynamoDBClient]":
    with mock_aws():
        session = boto3.Session("testing", "testing", region_name="eu-west-1")
        client = session.client("dynamodb")
        create_tables(client)
        yield client


def test_reads_and_writes_cost_units_by_size(client: "DynamoDBClient") -> None:
    meter = Meter()
    meter.watch(client)
    client.put_item(TableName=LEDGER, Item=LARGE)
    assert (meter.tally.write_units, meter.tally.read_units) == (5, 0)
    client.get_item(TableName=LEDGER, Key=KEY)
    client.get_item(TableName=LEDGER, Key=KEY, ConsistentRead=True)
    assert meter.tally.read_units == 1 + 2
    missing = {**KEY, "part": {"S": "missing"}}
    wanted: dict[str, Any] = {LEDGER: {"Keys": [KEY, missing], "ConsistentRead": True}}
    client.batch_get_item(RequestItems=wanted)
    assert meter.tally.read_units == 3 + 2 + 1
    assert meter.tally.dynamodb == {"PutItem": 1, "GetItem": 2, "BatchGetItem": 1}


def test_transaction_costs_twice_and_appears_in_stream(client: "DynamoDBClient") -> None:
    meter, other = Meter(), Tally()
    meter.watch(client)
    second: dict[str, Any] = {**KEY, "part": {"S": "q"}}
    with meter.counting_on(other):
        client.put_item(TableName=LEDGER, Item=LARGE)
    client.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": LEDGER, "Item": KEY}},
            {"Put": {"TableName": LEDGER, "Item": second}},
        ]
    )
    assert meter.tally.write_units == 2 * 5 + 2
    assert other.write_units == 5
    images = [record["dynamodb"]["NewImage"] for record in meter.take_stream(LEDGER)]
    assert images == [LARGE, KEY, second]
    assert meter.take_stream(LEDGER) == []


def test_meter_raises_for_operation_that_it_cannot_count(client: "DynamoDBClient") -> None:
    Meter().watch(client)
    with pytest.raises(UnmeteredError, match="Scan"):
        client.scan(TableName=LEDGER)
    with pytest.raises(UnmeteredError, match="TransactWriteItems Delete"):
        client.transact_write_items(TransactItems=[{"Delete": {"TableName": LEDGER, "Key": KEY}}])
    client.put_item(TableName=LEDGER, Item=KEY)
    with pytest.raises(UnmeteredError, match="PutItem"):
        client.put_item(
            TableName=LEDGER, Item=KEY, ConditionExpression="attribute_not_exists(part)"
        )


def test_burst_of_one_repository_costs_few_requests_at_both_levels() -> None:
    costs = Costs()
    with running() as stack:
        stack.roll_up([stream_record(created(n)) for n in range(150)], costs, stream_batch=100)
    # Two batches; the first needs two transactions, as a hundred entries and three rows are 103.
    assert costs.repository.dynamodb == {"BatchGetItem": 3, "TransactWriteItems": 3}
    assert costs.repository.sqs["SendMessageBatch"] == costs.organisation.sqs["ReceiveMessage"] == 2
    assert costs.repository.invocations == costs.organisation.invocations == 4
    assert costs.organisation.dynamodb == {"BatchGetItem": 4, "TransactWriteItems": 2}
    assert costs.repository.write_units >= 2 * 150


@pytest.fixture(scope="module")
def tables() -> list[Table]:
    return rollup_part.measure(burst=40, closed_alerts=30)


def test_small_run_counts_requests_and_units(tables: list[Table]) -> None:
    assert json.loads(json.dumps([table.as_json() for table in tables]))
    requests, growth = (table.rows for table in tables)
    assert requests[0] == {
        "alerts": "one by one",
        "level": "All Events",
        "requests": 2.0,
        "public": 2.0,
        "WCU": 7.0,
        "RCU": 1.0,
        "SQS": 0.0,
        "Lambda": 2.0,
    }
    assert (requests[1]["requests"], requests[1]["WCU"]) == (2.0, 6.0)
    assert [row["level"] for row in requests[2:]] == ["repository", "organisation"] * 3
    assert [row["requests"] for row in requests[-2:]] == [2.0, 3.0]
    assert len(growth) == 2 * len(KINDS)
    assert all(row["x requests"] == 1 for row in growth)
    one_tool, three_tools = (float(growth[index]["bytes of a month"]) for index in (0, 2))
    assert one_tool < three_tools
