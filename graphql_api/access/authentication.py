"""Who sends a request: the holder of an API key, or a job of GitHub Actions with a token.

Owns the headers that contain a key or a token, and the order of the checks. A request with an API
key is checked by its key only. The limit of requests applies to requests that are authenticated.
"""

from collections.abc import Callable, Mapping

from graphql_api.access.access import Access
from graphql_api.access.github_actions.trust import Trust, refuse
from graphql_api.access.key_store import KeyCheck
from graphql_api.access.request_rate import RequestRate
from graphql_api.vocabulary.errors import TooManyRequestsError, UnauthorizedError

NO_VALID_KEY = "Send a valid API key in the header x-api-key."
"""The message to a client whose key is missing or not valid."""


class Authentication:
    """The check of a request's key or token. `trust` is None if no token is accepted."""

    def __init__(
        self, keys: KeyCheck, *, trust: Trust | None, rate: RequestRate, clock: Callable[[], float]
    ) -> None:
        self.keys = keys
        self._trust = trust
        self._rate = rate
        self._clock = clock
        self._tokens: Callable[[str], Access] | None = None

    def __call__(self, headers: Mapping[str, str]) -> Access:
        """Return what the sender of a request can read. The names of headers are in lower case.

        Raises:
            UnauthorizedError: The key or the token is missing or not valid.
            TooManyRequestsError: The sender must wait.
            AccessUnavailableError: The key or the token cannot be checked now.
        """
        access = self._access(headers)
        if wait_s := self._rate.take(access.name):
            message = f"Too many requests. Wait {wait_s} s, then send fewer at once."
            raise TooManyRequestsError(message, retry_after_s=wait_s, key=access.name)
        return access

    def _access(self, headers: Mapping[str, str]) -> Access:
        key = headers.get("x-api-key", "")
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if not key and scheme.lower() == "bearer":
            return self._of_token(token.strip())
        access = self.keys(key)
        if access is None:
            raise UnauthorizedError(NO_VALID_KEY)
        return access

    def _of_token(self, token: str) -> Access:
        if self._trust is None:
            refuse("oidcOwners is not set")
        if self._tokens is None:
            # Imported with the first token: cryptography would slow down every cold start.
            from graphql_api.access.github_actions.token_check import token_check  # noqa: PLC0415

            self._tokens = token_check(self._trust, clock=self._clock)
        return self._tokens(token)
