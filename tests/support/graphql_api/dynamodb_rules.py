"""Rules of DynamoDB that moto does not check, asserted for each request of a client."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.support.graphql_api.tables import INDEXES, TABLES

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

PARTITION_BYTES, SORT_BYTES = 2_048, 1_024
MOST_OPERANDS = 100
_EXPRESSIONS = ("KeyConditionExpression", "FilterExpression", "ProjectionExpression")
_KEY_FIELDS = ("Key", "ExclusiveStartKey")
_NAME, _VALUE = re.compile(r"#\w+"), re.compile(r":\w+")


@contextmanager
def checked(client: "DynamoDBClient") -> Iterator[list[str]]:
    """Check the requests of a client. Yields the list of their operations, which grows."""
    seen: list[str] = []

    def check(params: dict[str, Any], model: Any, **_: object) -> None:
        seen.append(model.name)
        check_request(params)

    client.meta.events.register("provide-client-params.dynamodb.*", check)
    try:
        yield seen
    finally:
        client.meta.events.unregister("provide-client-params.dynamodb.*", check)


def check_request(params: dict[str, Any]) -> None:
    """Assert the rules of DynamoDB's API reference for Query, Scan, GetItem and BatchGetItem."""
    for table, request in params.get("RequestItems", {}).items():
        keys = request["Keys"]
        assert 1 <= len(keys) <= 100
        assert len({repr(sorted(key.items())) for key in keys}) == len(keys), "duplicates"
        for key in keys:
            _check_key(key, TABLES[table])
    for field in _KEY_FIELDS:
        if field in params:
            _check_key(params[field], TABLES[params["TableName"]])
    if "TableName" in params:
        _check_expressions(params)


def _check_key(key: dict[str, dict[str, str]], schema: tuple[str, ...]) -> None:
    for name, value in key.items():
        ((kind, text),) = value.items()
        assert text, f"{name} is empty"
        most = PARTITION_BYTES if name == schema[0] else SORT_BYTES
        assert len(text.encode()) <= (38 if kind == "N" else most), f"{name} is too long"


def _check_expressions(params: dict[str, Any]) -> None:
    expressions = " ".join(params.get(name, "") for name in _EXPRESSIONS)
    names, values = params.get("ExpressionAttributeNames", {}), _values(params)
    assert set(_NAME.findall(expressions)) == set(names)
    assert set(_VALUE.findall(expressions)) == set(values)
    table, index = params["TableName"], params.get("IndexName")
    keys = TABLES[table] if index is None else INDEXES[table][index]
    filtered = {names[name] for name in _NAME.findall(params.get("FilterExpression", ""))}
    assert not filtered & set(keys), "a filter cannot contain a key of the table or index"
    for operands in re.findall(r"IN \(([^)]*)\)", expressions):
        assert 1 <= len(operands.split(",")) <= MOST_OPERANDS, "IN takes 1 to 100 operands"
    for name in _EXPRESSIONS:
        assert not _has_redundant_parentheses(params.get(name, "")), "redundant parentheses"
    conditions = params.get("KeyConditionExpression", "")
    for name, value in re.findall(r"(\S+) = (:\w+)", conditions):
        _check_key({names.get(name, name): {"S": values[value]}}, keys)
    for first, last in re.findall(r"BETWEEN (:\w+) AND (:\w+)", conditions):
        assert values[first] <= values[last], "BETWEEN needs the lower bound first"


def _has_redundant_parentheses(expression: str) -> bool:
    """Return whether a pair of parentheses directly encloses another pair."""
    opened: list[int] = []
    last: tuple[int, int] | None = None
    for position, character in enumerate(expression):
        if character == "(":
            opened.append(position)
        elif character == ")":
            pair = (opened.pop(), position)
            if last == (pair[0] + 1, pair[1] - 1):
                return True
            last = pair
    return False


def _values(params: dict[str, Any]) -> dict[str, str]:
    values = params.get("ExpressionAttributeValues", {})
    return {name: text for name, value in values.items() for text in value.values()}
