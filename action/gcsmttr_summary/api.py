"""The requests of the action: the job's token from GitHub, and the query to the API."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from .errors import ActionError

_TIMEOUT_S = 30
_LONGEST_BODY = 10_000_000


def token_of_job(environment: Mapping[str, str], audience: str) -> str:
    """Return a token that GitHub signs for this job and an audience.

    Raises:
        ActionError: The job may not request a token, or GitHub returns none.
    """
    url = environment.get("ACTIONS_ID_TOKEN_REQUEST_URL")
    bearer = environment.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    if not url or not bearer:
        raise ActionError(
            "Set the input key, or give the job the permission id-token: write, so that it can"
            " query without a key"
        )
    separator = "&" if "?" in url else "?"
    response = _send(
        f"{url}{separator}audience={quote(audience, safe='')}",
        headers={"authorization": f"bearer {bearer}"},
    )
    token = response.get("value")
    if not isinstance(token, str):
        raise ActionError("GitHub returned no token for the job")
    return token


class Response(NamedTuple):
    """The data of a response, and the messages of its warnings."""

    data: Mapping[str, Any]
    warnings: Sequence[str]


def data_of(
    url: str, credentials: Mapping[str, str], query: str, variables: Mapping[str, object]
) -> Response:
    """Return the response to a query. `credentials` are headers.

    Raises:
        ActionError: The API cannot be reached, or the response has errors.
    """
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"content-type": "application/json", "accept": "application/json", **credentials}
    response = _send(url, headers=headers, body=body)
    if errors := response.get("errors"):
        raise ActionError("The query failed: " + "; ".join(error["message"] for error in errors))
    warnings = response.get("extensions", {}).get("warnings", [])
    return Response(response["data"], [warning["message"] for warning in warnings])


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect, which would send the key or the token to another address."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def _send(url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> dict[str, Any]:
    """Return the JSON object of a response. Responses with errors of GraphQL are returned, too."""
    request = urllib.request.Request(url, data=body, headers=dict(headers))  # noqa: S310
    host = request.host
    try:
        with _OPENER.open(request, timeout=_TIMEOUT_S) as response:
            text = response.read(_LONGEST_BODY)
    except urllib.error.HTTPError as error:
        with error:
            text = error.read(_LONGEST_BODY)
        if b'"errors"' not in text:
            raise ActionError(f"{host} responds with status {error.code}") from error
    except OSError as error:
        raise ActionError(f"{host} cannot be reached: {error}") from error
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ActionError(f"{host} does not respond with JSON") from error
    if not isinstance(found, dict):
        raise ActionError(f"{host} does not respond with a JSON object")
    return found
