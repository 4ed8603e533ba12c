"""The parser reads responses of DynamoDB like botocore, whatever their content."""

import base64
import json
from functools import cache
from typing import Any

import pytest
from botocore.parsers import create_parser
from botocore.session import Session
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.accelerators.dynamodb_parser import DynamoDBParserFactory

binary = st.binary(max_size=8).map(lambda value: base64.b64encode(value).decode())
texts = st.sampled_from(["", "text", '"B"', "ü", "B", "BS"])
numbers = st.integers().map(str)
values: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(
        st.fixed_dictionaries({"S": texts}),
        st.fixed_dictionaries({"N": numbers}),
        st.fixed_dictionaries({"B": binary}),
        st.fixed_dictionaries({"SS": st.lists(texts, min_size=1)}),
        st.fixed_dictionaries({"NS": st.lists(numbers, min_size=1)}),
        st.fixed_dictionaries({"BS": st.lists(binary, min_size=1)}),
        st.fixed_dictionaries({"BOOL": st.booleans()}),
        st.just({"NULL": True}),
    ),
    lambda inner: (
        st.fixed_dictionaries({"M": st.dictionaries(texts, inner, max_size=3)})
        | st.fixed_dictionaries({"L": st.lists(inner, max_size=3)})
    ),
    max_leaves=6,
)
items = st.dictionaries(texts, values, max_size=4)
pages = st.fixed_dictionaries(
    {"Items": st.lists(items, max_size=3), "Count": st.integers(0, 9)},
    optional={
        "ScannedCount": st.integers(0, 9),
        "LastEvaluatedKey": items,
        "ConsumedCapacity": st.just({"TableName": "t", "CapacityUnits": 0.5}),
    },
)
responses = {
    "GetItem": st.fixed_dictionaries({}, optional={"Item": items}),
    "Query": pages,
    "Scan": pages,
    "BatchGetItem": st.fixed_dictionaries(
        {
            "Responses": st.dictionaries(texts, st.lists(items, max_size=2), max_size=2),
            "UnprocessedKeys": st.dictionaries(
                texts, st.fixed_dictionaries({"Keys": st.lists(items, max_size=2)}), max_size=2
            ),
        }
    ),
    "PutItem": st.fixed_dictionaries({}, optional={"Attributes": items}),
    "DescribeTable": st.just({"Table": {"TableName": "t", "CreationDateTime": 1_795_000_000.5}}),
}


@cache
def described() -> Any:
    """Return botocore's model of DynamoDB."""
    return Session().get_service_model("dynamodb")


def parsed(parser: Any, operation: str, body: bytes, status: int = 200) -> Any:
    """Return the parsed response with its metadata."""
    shape = described().operation_model(operation).output_shape
    headers = {"x-amzn-requestid": "R1", "Content-Type": "application/x-amz-json-1.0"}
    headers["Content-Length"] = str(len(body))
    response = {"body": body, "headers": headers, "status_code": status, "context": {}}
    return parser.parse(response, shape)


@pytest.mark.parametrize("operation", responses)
def test_responses_are_parsed_like_in_botocore(operation: str) -> None:
    ours, theirs = DynamoDBParserFactory().create_parser("json"), create_parser("json")

    @settings(deadline=None)
    @given(responses[operation])
    def check(response: dict[str, Any]) -> None:
        body = json.dumps(response).encode()
        assert parsed(ours, operation, body) == parsed(theirs, operation, body)

    check()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b'{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"m"}'),
        (500, b"<html>"),
        (503, b""),
        (200, b""),
        (200, b"no JSON"),
    ],
)
def test_malformed_response_is_parsed_by_botocore(status: int, body: bytes) -> None:
    ours, theirs = DynamoDBParserFactory().create_parser("json"), create_parser("json")

    assert parsed(ours, "Query", body, status) == parsed(theirs, "Query", body, status)


def test_other_protocols_use_parsers_of_botocore() -> None:
    assert type(DynamoDBParserFactory().create_parser("query")) is type(create_parser("query"))
