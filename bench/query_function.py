"""The environment of the query function, and the events that it receives.

Imports only the standard library: processes that measure their own start import this module.
"""

import os
from collections.abc import Mapping
from typing import Any, TextIO

KEY = "gcsmttr_" + "A" * 43
"""The API key of all requests."""

ENVIRONMENT = {
    "ALL_EVENTS_TABLE": "AllEvents",
    "REPOSITORY_OVERVIEW_TABLE": "RepositoryOverview",
    "ORGANISATION_OVERVIEW_TABLE": "OrganisationOverview",
    "REPOSITORIES_TABLE": "Repositories",
    "ACCESS_KEYS_TABLE": "AccessKeys",
    "CURSOR_SECRET": "none",
    "TEAM": "property:team",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "POWERTOOLS_SERVICE_NAME": "query",
}


class LambdaContext:
    """What Lambda passes beside the event."""

    function_name = invoked_function_arn = aws_request_id = "bench"
    memory_limit_in_mb = 512


CONTEXT: Any = LambdaContext()


def redirect_log() -> TextIO:
    """Discard what this process prints, such as its log; return its original standard output.

    The log lines are written as in Lambda, so they still take their time.
    """
    output = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return output


def gateway_event(body: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the event of a POST to /graphql at an HTTP API, payload format 2.0.

    It asks for no compression, since the other stacks do not have any.

    Args:
        body: The request as JSON.
        headers: More headers, such as the API key.
    """
    return {
        "version": "2.0",
        "routeKey": "ANY /graphql",
        "rawPath": "/graphql",
        "rawQueryString": "",
        "headers": {
            "accept": "application/json",
            "accept-encoding": "identity",
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
