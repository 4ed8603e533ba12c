"""DynamoDB without a network: a client over parsed rows, and a real client with stubbed HTTP.

The stub returns a response just before the client sends the request. The client still builds and
signs the request and parses the response. The caller decides which response that is.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

ResponseOf = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""The response to an operation and its parameters."""

BodyOf = Callable[[str, bytes], bytes]
"""The body of the response to an operation and the body of its request."""


class InMemory:
    """The methods of DynamoDB's client that the service calls, over parsed rows."""

    def __init__(self, response_of: ResponseOf) -> None:
        self._response_of = response_of

    def get_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the response to GetItem."""
        return self._response_of("GetItem", request)

    def scan(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the response to Scan."""
        return self._response_of("Scan", request)

    def query(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the response to Query."""
        return self._response_of("Query", request)


class _RawBody:
    """The body of a response in the form of urllib3."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def stub(client: Any, body_of: BodyOf) -> None:  # noqa: ANN401
    """Return responses from `body_of` to all further requests of a client."""
    from botocore.awsrequest import AWSResponse

    def respond(request: Any, **_: object) -> AWSResponse:  # noqa: ANN401
        target = request.headers["X-Amz-Target"]
        operation = (target.decode() if isinstance(target, bytes) else target).partition(".")[2]
        body = body_of(operation, bytes(request.body))
        headers: Any = {
            "x-amzn-requestid": "0" * 52,
            "content-type": "application/x-amz-json-1.0",
            "content-length": str(len(body)),
        }
        return AWSResponse(request.url, 200, headers, _RawBody(body))

    client.meta.events.register("before-send.dynamodb", respond)
