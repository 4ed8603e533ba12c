"""A parser of DynamoDB's responses, based on orjson.

botocore compares every value of a response with the service's model. This is not necessary, since
DynamoDB's JSON already has the form that the client returns, except that bytes are Base64 text.
Owns the parsing of the four operations that read. botocore parses errors, responses of other
operations, and responses that are not JSON.
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, cast

import orjson
from botocore.model import Shape
from botocore.parsers import JSONParser, ResponseParser, ResponseParserFactory

_READS = frozenset({"GetItemOutput", "QueryOutput", "ScanOutput", "BatchGetItemOutput"})

Value = dict[str, Any]


class DynamoDBParser(JSONParser):
    """botocore's JSON parser, with a shortcut for responses to reads."""

    def parse(self, response: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
        """Return the parsed response, as botocore's parser returns it."""
        if shape.name not in _READS or response["status_code"] != HTTPStatus.OK:
            return cast("dict[str, Any]", super().parse(response, shape))
        body = response["body"]
        try:
            parsed: dict[str, Any] = orjson.loads(body)
        except orjson.JSONDecodeError:
            return cast("dict[str, Any]", super().parse(response, shape))
        if b'"B"' in body or b'"BS"' in body:
            for item in _items(parsed):
                _decode(item.values())
        headers = {name.lower(): value for name, value in response["headers"].items()}
        parsed["ResponseMetadata"] = {
            "RequestId": headers.get("x-amzn-requestid", ""),
            "HTTPStatusCode": response["status_code"],
            "HTTPHeaders": headers,
        }
        return parsed


class DynamoDBParserFactory(ResponseParserFactory):
    """A factory that returns the same parser each time; botocore creates one for every response."""

    def __init__(self) -> None:
        super().__init__()
        self._parser = DynamoDBParser()

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """Return the parser of a protocol."""
        return self._parser if protocol_name == "json" else super().create_parser(protocol_name)


def _items(parsed: Mapping[str, Any]) -> Iterator[Value]:
    yield from parsed.get("Items", ())
    for items in parsed.get("Responses", {}).values():
        yield from items
    for name in ("Item", "LastEvaluatedKey"):
        if name in parsed:
            yield parsed[name]
    for unread in parsed.get("UnprocessedKeys", {}).values():
        yield from unread["Keys"]


def _decode(values: Iterable[Value]) -> None:
    for value in values:
        if "B" in value:
            value["B"] = b64decode(value["B"])
        elif "BS" in value:
            value["BS"] = [b64decode(text) for text in value["BS"]]
        elif "M" in value:
            _decode(value["M"].values())
        elif "L" in value:
            _decode(value["L"])
