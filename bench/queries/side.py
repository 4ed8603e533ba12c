"""What every side of the query benchmark is: a function from a request's body to an answer's body.

Owns the event that stands between them. Imports nothing of any side.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Handler = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Answers:
    """What our side answered to every document: the in-memory data of those that have no rows."""

    by_document: Mapping[str, Any]

    def root(self) -> dict[str, Any]:
        """Return the values of the root fields, that of `organisation` aside."""
        return {
            name: value
            for data in self.by_document.values()
            for name, value in data.items()
            if name != "organisation"
        }

    def metrics(self, *, grouped: bool) -> list[dict[str, Any]]:
        """Return the series, or the rows by repository."""
        found = [
            data["organisation"]["metrics"]
            for data in self.by_document.values()
            if "organisation" in data
        ]
        return next(rows for rows in found if ("group" in rows[0]) == grouped)


class LambdaContext:
    """What Lambda passes beside the event."""

    function_name = invoked_function_arn = aws_request_id = "bench"
    memory_limit_in_mb = 512


CONTEXT: Any = LambdaContext()


def gateway_event(body: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the event of a POST to /graphql at an HTTP API, payload format 2.0."""
    return {
        "version": "2.0",
        "routeKey": "ANY /graphql",
        "rawPath": "/graphql",
        "rawQueryString": "",
        "headers": {
            "accept": "application/json",
            "accept-encoding": "gzip, deflate",
            "content-length": str(len(body)),
            "content-type": "application/json",
            "host": "abcdefghij.execute-api.eu-west-1.amazonaws.com",
            "user-agent": "bench",
            "x-amzn-trace-id": "Root=1-00000000-000000000000000000000000",
            "x-forwarded-for": "192.0.2.1",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
            **(headers or {}),
        },
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "abcdefghij",
            "domainName": "abcdefghij.execute-api.eu-west-1.amazonaws.com",
            "http": {
                "method": "POST",
                "path": "/graphql",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "bench",
            },
            "requestId": "bench",
            "routeKey": "ANY /graphql",
            "stage": "$default",
            "time": "24/Nov/2026:09:00:00 +0000",
            "timeEpoch": 1_795_510_800_000,
        },
        "body": body,
        "isBase64Encoded": False,
    }
