"""Three repositories over moto, whose alerts are all counted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from ingest.terms import Action, ClosedAs, Ref
from rollup.stores import item_reader
from tests.integration.operations.overviews.audits import REPOSITORIES, catch_up
from tests.support.rollup_stack import Stack, assert_exact
from tests.unit.rollup.builders import event

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module")
def client() -> "Iterator[DynamoDBClient]":
    with mock_aws():
        yield boto3.client("dynamodb", region_name="eu-west-1")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_reader, "pause", lambda _backoff, _attempt: None)
    monkeypatch.setattr("operations.overviews.reader.pause", lambda _backoff, _attempt: None)


@pytest.fixture
def stack(client: "DynamoDBClient") -> Stack:
    """Three repositories of two organisations, everything counted."""
    stack = Stack(client)
    for repository in REPOSITORIES:
        for number in range(1, 5):
            stack.recorder.record(event(repository, number, Action.CREATED, created=number))
        fixed = event(
            repository, 2, Action.FIXED, created=2, at=40, closed_as=ClosedAs.FIXED, ref=Ref.DEFAULT
        )
        stack.recorder.record(fixed)
    catch_up(stack)
    assert_exact(stack, stack.finals())
    return stack
