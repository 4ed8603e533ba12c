"""Command lines find tables by the name of a stack, and say so where there is none."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from operations.deployment import outputs_of
from operations.errors import NoStackError


@pytest.fixture
def cloudformation() -> Iterator[tuple[Any, Stubber]]:
    """A client that returns prepared responses."""
    client = boto3.client(
        "cloudformation",
        region_name="eu-west-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    with Stubber(client) as stubber:
        yield client, stubber
        stubber.assert_no_pending_responses()


def described(*outputs: tuple[str, str]) -> dict[str, Any]:
    """Return the description of a stack with these outputs."""
    stack: dict[str, Any] = {
        "StackName": "Mine",
        "CreationTime": "2026-11-24T09:00:00Z",
        "StackStatus": "CREATE_COMPLETE",
    }
    if outputs:
        stack["Outputs"] = [{"OutputKey": key, "OutputValue": value} for key, value in outputs]
    return {"Stacks": [stack]}


def test_outputs_are_returned_by_name(cloudformation: tuple[Any, Stubber]) -> None:
    client, stubber = cloudformation
    outputs = {"AllEventsTable": "a", "GraphqlUrl": "https://example.org"}
    stubber.add_response("describe_stacks", described(*outputs.items()), {"StackName": "Mine"})

    assert outputs_of(client, "Mine") == outputs


@pytest.mark.parametrize("outputs", [(), (("Url", "https://example.org"),)])
def test_stack_of_another_project_is_not_found(
    cloudformation: tuple[Any, Stubber], outputs: tuple[tuple[str, str], ...]
) -> None:
    client, stubber = cloudformation
    stubber.add_response("describe_stacks", described(*outputs))

    with pytest.raises(NoStackError, match="no GCSMTTR stack with the name Mine in eu-west-1"):
        outputs_of(client, "Mine")


def test_an_unknown_stack_is_named(cloudformation: tuple[Any, Stubber]) -> None:
    client, stubber = cloudformation
    stubber.add_client_error("describe_stacks", "ValidationError", "Stack Mine does not exist")

    with pytest.raises(NoStackError, match="no GCSMTTR stack with the name Mine in eu-west-1"):
        outputs_of(client, "Mine")


def test_other_errors_are_not_reported_as_unknown_stack(
    cloudformation: tuple[Any, Stubber],
) -> None:
    client, stubber = cloudformation
    stubber.add_client_error("describe_stacks", "AccessDenied")

    with pytest.raises(ClientError, match="AccessDenied"):
        outputs_of(client, "Mine")
