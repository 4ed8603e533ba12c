"""The connection to one server: sends requests one at a time, and counts them.

Owns the HTTP library, the clock and the wait, which are arguments, so tests never sleep.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import httpx2

from github_rest.errors import UnavailableError
from github_rest.http.retries import Patience
from github_rest.servers import GITHUB_COM, Server

_TIMEOUT_S = 60.0
"""How long a connection, or the next part of a response, may take."""
# The library logs the address of each request. Only the one that exchanges the code of a manifest
# contains a secret.
logging.getLogger("httpx2").addFilter(lambda record: "app-manifests" not in record.getMessage())


def utc_now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)


class Connection:
    """A connection to one server, shared by the clients of an App and of its installations.

    At most one request is under way. `requests` counts all that were sent, also those that failed,
    and `waited_s` is the time between attempts.
    """

    def __init__(  # noqa: PLR0913
        self,
        server: Server = GITHUB_COM,
        *,
        patience: Patience | None = None,
        timeout_s: float = _TIMEOUT_S,
        transport: httpx2.BaseTransport | None = None,
        clock: Callable[[], datetime] = utc_now,
        wait: Callable[[float], None] = time.sleep,
        fraction: Callable[[], float] = random.random,
    ) -> None:
        """Open nothing yet; the first request does."""
        self.server = server
        self.patience = patience or Patience()
        self.clock = clock
        self.fraction = fraction
        self.requests = 0
        self.waited_s = 0.0
        self._wait = wait
        self._lock = threading.Lock()
        self._http = httpx2.Client(transport=transport, timeout=timeout_s)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def wait(self, seconds: float) -> None:
        """Wait between two requests."""
        self.waited_s += seconds
        self._wait(seconds)

    def send(
        self, method: str, url: str, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send one request when no other one is under way; return status, headers and body.

        Raises:
            UnavailableError: The server cannot be reached, reason `unreachable`.
        """
        with self._lock:
            self.requests += 1
            try:
                response = self._http.request(method, url, headers=dict(headers))
            except httpx2.HTTPError as error:
                # The error of the library contains the request with its secrets.
                raise UnavailableError(
                    "unreachable", resume_at=self.clock(), message=type(error).__name__
                ) from None
        return response.status_code, response.headers, response.content
