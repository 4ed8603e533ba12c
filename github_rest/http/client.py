"""The client: repeats requests that failed, and follows repositories that have moved.

Owns the addresses of requests and the state of the rate limit. What a response means belongs to
`responses`, when a request is repeated to `retries`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from github_rest.errors import InvalidResponseError, RateLimitedError, TemporaryError
from github_rest.http import fields, retries
from github_rest.http.connection import Connection
from github_rest.http.credentials import Credentials, Installation, IssuedToken, NoCredentials
from github_rest.http.responses import RateLimit, Response, rate_of, response_of

_HEADERS = {"x-github-api-version": "2022-11-28"}
_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 307, 308})
_PERMANENT = frozenset({301, 308})
_NAMED = re.compile(r"(?P<prefix>.*)/repos/(?P<name>[^/]+/[^/]+)(?P<rest>/.*|)")
_NUMBERED = re.compile(r".*/repositories/(?P<id>[0-9]+)(/.*|)")


class Client:
    """Sends requests with the credentials of one user, App or installation."""

    def __init__(
        self, credentials: Credentials | None = None, connection: Connection | None = None
    ) -> None:
        """Use the connection; without one, a new one to github.com."""
        self.connection = connection or Connection()
        self.rate: RateLimit | None = None
        """The rate limit after the last response."""
        self.moved: dict[str, int] = {}
        """The ids of the repositories that have another name now, by their old names."""
        self._credentials = credentials or NoCredentials()

    @property
    def requests(self) -> int:
        """The number of requests that the connection has sent."""
        return self.connection.requests

    def get(self, path: str, parameters: Mapping[str, str | int] | None = None) -> Response:
        """Send a GET request to a path of the API, or to an address that a response contains.

        Raises:
            GitHubError: See `errors`.
        """
        url = self._url_of(path)
        if parameters:
            url = str(httpx2.URL(url).copy_merge_params(dict(parameters)))
        return self._repeat("GET", url)

    def post(self, path: str) -> Response:
        """Send a POST request without a body.

        Raises:
            GitHubError: See `errors`.
        """
        return self._repeat("POST", self._url_of(path))

    def installation(self, installation_id: int) -> "Client":
        """Return a client of an installation of this client's App, on the same connection."""

        def issue() -> IssuedToken:
            data = self.post(f"/app/installations/{installation_id}/access_tokens").data
            token = fields.mapping(data, "access token")
            return IssuedToken(fields.text(token, "token"), fields.instant(token, "expires_at"))

        return Client(Installation(issue), self.connection)

    def _url_of(self, path: str) -> str:
        """Return the address of a path, with the id of a repository that is known to have moved.

        An address on another server is refused: the request contains a secret.
        """
        api = self.connection.server.api_url
        url = path if "://" in path else api + path
        if not url.startswith(f"{api}/"):
            raise InvalidResponseError("foreign_url", "the address is not one of this server")
        named = _NAMED.fullmatch(url)
        if named and (number := self.moved.get(named["name"].lower())):
            return f"{named['prefix']}/repositories/{number}{named['rest']}"
        return url

    def _repeat(self, method: str, url: str) -> Response:
        connection = self.connection
        retrying = Retrying(
            sleep=connection.wait,
            retry=retry_if_exception_type(TemporaryError),
            wait=self._pause_s,
            stop=lambda state: (
                state.attempt_number >= connection.patience.attempts
                or state.upcoming_sleep > connection.patience.longest_wait_s
            ),
            reraise=True,
        )
        return retrying(self._follow, method, url)

    def _pause_s(self, state: RetryCallState) -> float:
        """Return the seconds until the next attempt, and note its time in the error."""
        error = state.outcome.exception() if state.outcome else None
        if not isinstance(error, TemporaryError):
            return 0.0
        now, fraction = self.connection.clock(), self.connection.fraction()
        error.resume_at = retries.resume_at(
            error, attempt=state.attempt_number, now=now, fraction=fraction
        )
        return max(0.0, (error.resume_at - now).total_seconds())

    def _follow(self, method: str, url: str) -> Response:
        """Send a request once, and follow redirects. Keep the new address of a repository."""
        for _ in range(_MOST_REDIRECTS + 1):
            sent_at = self.connection.clock()
            status, headers, body = self._send(method, url, sent_at)
            if status not in _REDIRECTS or "location" not in headers:
                now = self.connection.clock()
                response = response_of(status, headers, body, sent_at=sent_at, now=now)
                return replace(response, repository_id=_repository_id(url))
            old, url = url, self._url_of(_target(url, headers["location"]))
            named, number = _NAMED.fullmatch(urlsplit(old).path), _repository_id(url)
            if status in _PERMANENT and named and number:
                self.moved[named["name"].lower()] = number
        raise InvalidResponseError("too_many_redirects")

    def _send(self, method: str, url: str, now: datetime) -> tuple[int, Mapping[str, str], bytes]:
        """Send one request, and once more if the credentials can be renewed.

        A request that would exceed the primary rate limit is not sent: GitHub bans clients that
        continue.
        """
        if self.rate is not None and self.rate.remaining <= 0 and now < self.rate.reset_at:
            raise RateLimitedError("rate_limited", resume_at=self.rate.reset_at)
        for _ in range(2):
            sent = self._credentials.headers(now) | _HEADERS
            status, headers, body = self.connection.send(method, url, sent)
            self.rate = rate_of(headers)
            if status != HTTPStatus.UNAUTHORIZED or not self._credentials.discard():
                break
        return status, headers, body


def _target(url: str, location: str) -> str:
    """Return where a redirect leads, with the query of the request if the location has none."""
    target = urljoin(url, location)
    query = urlsplit(url).query
    return f"{target}?{query}" if query and not urlsplit(target).query else target


def _repository_id(url: str) -> int | None:
    numbered = _NUMBERED.fullmatch(urlsplit(url).path)
    return None if numbered is None else int(numbered["id"])
