"""The addresses of the API: each refuses a request without a proof, and so is reachable.

Owns which responses are right. The request to the webhook has no signature, and changes nothing.
"""

import urllib.error
import urllib.request

from operations.doctor.examination import Examination, Subject
from operations.status.section import Section

_TIMEOUT_S = 15
_LOG = "read the access log of the API and the log of the function; docs/operating.md, Logs"
_EXPECTED = {
    "WebhookUrl": ("POST", frozenset({401, 403}), "a delivery without a signature"),
    "GraphqlUrl": ("GET", frozenset({401}), "a query without a key"),
}


def endpoints(subject: Subject) -> Section:
    """Send one request to each address."""
    found = Examination("endpoints", "API")
    statuses: dict[str, int | None] = {}
    for output, (method, expected, what) in _EXPECTED.items():
        url = subject.deployment.url(output)
        found.examined += 1
        try:
            status = statuses[output] = _status(url, method)
        except OSError as error:
            statuses[output] = None
            found.wrong(
                f"{output} cannot be reached from this machine: {error}.",
                f"check the network and the name in {url}",
            )
            continue
        if status in {404, 405}:
            found.wrong(f"{output} leads nowhere: {what} gets {status}.", subject.restore)
        elif status not in expected:
            found.wrong(f"{output} is wrong: {what} gets {status}.", _LOG)
    return found.section("addresses", statuses)


def _status(url: str, method: str) -> int:
    """Return the status of the response to a request without a proof."""
    body = b"{}" if method == "POST" else None
    headers = {"content-type": "application/json", "user-agent": "gcsmttr-doctor"}
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:  # noqa: S310
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
