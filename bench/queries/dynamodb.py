"""DynamoDB without the network: a client that has its answers in memory, and HTTP that is stubbed.

The stub answers a real client just before a request would be sent, so building, signing and
parsing are all done and only the waiting is not. Knows nothing of what is answered.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Canned = Callable[[str, Mapping[str, Any]], dict[str, Any]]
Bodies = Callable[[str, bytes], bytes]


class InMemory:
    """The few methods of DynamoDB's client that are needed, over what is parsed already."""

    def __init__(self, canned: Canned) -> None:
        self._canned = canned

    def get_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the canned answer."""
        return self._canned("GetItem", request)

    def scan(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the canned answer."""
        return self._canned("Scan", request)

    def query(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the canned answer."""
        return self._canned("Query", request)


class _Raw:
    """A body as urllib3 has it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def stub(client: Any, body_of: Bodies) -> None:  # noqa: ANN401
    """Have a client answered from here from now on, by operation and body of its requests."""
    from botocore.awsrequest import AWSResponse

    def answer(request: Any, **_: object) -> AWSResponse:  # noqa: ANN401
        target = request.headers["X-Amz-Target"]
        operation = (target.decode() if isinstance(target, bytes) else target).partition(".")[2]
        headers: Any = {
            "x-amzn-requestid": "0" * 52,
            "content-type": "application/x-amz-json-1.0",
        }
        body = body_of(operation, bytes(request.body))
        headers["content-length"] = str(len(body))
        return AWSResponse(request.url, 200, headers, _Raw(body))

    client.meta.events.register("before-send.dynamodb", answer)
