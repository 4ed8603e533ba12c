"""The adapter behaves like Mangum for all events, but does not wait."""

import asyncio
import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mangum import Mangum
from mangum.types import Receive, Scope, Send

from bench.query_function import gateway_event
from graphql_api.accelerators.mangum_adapter import HttpApiAdapter
from graphql_api.http.gateway_event import readable
from tests.support.graphql_api.gateway import CONTEXT

TEXTS = ["application/json"]

names = st.sampled_from(["accept", "Content-Type", "x-api-key", "x-forwarded-proto", "cookie"])
headers = st.dictionaries(names, st.text(st.characters(codec="ascii"), max_size=8), max_size=4)
requests = st.fixed_dictionaries(
    {
        "rawQueryString": st.sampled_from(["", "a=1&b=%C3%BC", "query=%7Ba%7D"]),
        "body": st.binary(max_size=8).map(lambda body: base64.b64encode(body).decode()),
        "isBase64Encoded": st.booleans(),
    },
    optional={"cookies": st.lists(st.sampled_from(["a=1", "b=2"]), max_size=2)},
)
responses = st.fixed_dictionaries(
    {
        "status": st.sampled_from([200, 204, 400, 503]),
        "headers": st.lists(
            st.tuples(
                st.sampled_from([b"content-type", b"Vary", b"set-cookie", b"etag"]),
                st.sampled_from([b"application/json", b"image/png", b"x"]),
            ),
            max_size=4,
        ),
        "parts": st.lists(st.sampled_from([b"", b"{}", b"\xff"]), min_size=1, max_size=3),
    }
)


@pytest.fixture(autouse=True)
def loop() -> Iterator[None]:
    """Provide the event loop that Mangum needs."""
    with asyncio.Runner() as runner:
        asyncio.set_event_loop(runner.get_loop())
        yield


class App:
    """Sends a fixed response, and keeps the requests."""

    def __init__(self, response: dict[str, Any]) -> None:
        self._response = response
        self.requests_seen: list[Any] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = {key: value for key, value in scope.items() if not key.startswith("aws.")}
        self.requests_seen += [read, await receive()]
        status, given = self._response["status"], self._response["headers"]
        await send({"type": "http.response.start", "status": status, "headers": given})
        *others, last = self._response["parts"]
        for part in others:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": last})
        assert await receive() == {"type": "http.disconnect"}


@given(requests, headers, responses)
def test_requests_and_responses_equal_those_of_mangum(
    request: dict[str, Any], given_headers: dict[str, str], response: dict[str, Any]
) -> None:
    event = {**gateway_event("", given_headers), **request}
    del event["headers"]["host"], event["headers"]["x-forwarded-port"]
    ours, theirs = App(response), App(response)

    result = HttpApiAdapter(ours, text_mime_types=TEXTS)(event, CONTEXT)

    assert result == Mangum(theirs, "off", text_mime_types=TEXTS)(event, CONTEXT)
    assert ours.requests_seen == theirs.requests_seen


@pytest.mark.parametrize("host", ["[2001:db8::1]:443", "example.com:443", "a:b:c"])
def test_host_header_has_no_effect(host: str) -> None:
    app = App({"status": 200, "headers": [], "parts": [b"{}"]})
    event = gateway_event("{}", {"Host": host, "X-Forwarded-Port": "none"})

    for adapter in (HttpApiAdapter(app, text_mime_types=TEXTS), Mangum(app, "off")):
        assert adapter(readable(event), CONTEXT)["statusCode"] == 200


def test_failing_application_gets_error_response(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        raise LookupError

    result = HttpApiAdapter(app, text_mime_types=TEXTS)(gateway_event("{}"), CONTEXT)

    assert (result["statusCode"], "LookupError" in json.dumps(result)) == (500, False)
    assert "LookupError" in caplog.text


def test_application_cannot_wait() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waits"):
        HttpApiAdapter(app, text_mime_types=TEXTS)(gateway_event("{}"), CONTEXT)
