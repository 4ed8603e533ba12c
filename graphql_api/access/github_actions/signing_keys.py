"""The public keys of an issuer in the memory of a process, and when they are fetched.

Owns the pauses between two fetches: tokens with unknown key ids, which anyone can send, cause few
requests to the issuer. Never fetches by itself.
"""

from collections.abc import Callable, Mapping
from math import ceil, inf
from typing import TYPE_CHECKING

from graphql_api.access.github_actions.discovery import IssuerError
from graphql_api.vocabulary.errors import AccessUnavailableError

if TYPE_CHECKING:
    from jwt import PyJWK

FRESH_S = 900
"""Seconds after which keys are fetched again, so that a withdrawn key is refused."""
USABLE_S = 86_400
"""Seconds for which the last keys are used if the issuer cannot be reached."""
COOL_DOWN_S = 30
"""Seconds between a fetch and the next one that an unknown key id can cause."""
RETRY_S = 5
"""Seconds between a fetch that failed and the next one."""


class SigningKeys:
    """The keys of one issuer by their ids.

    `fetch` returns all keys, or raises IssuerError. `clock` returns monotonic seconds.
    """

    def __init__(
        self, fetch: Callable[[], Mapping[str, "PyJWK"]], *, clock: Callable[[], float]
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: Mapping[str, PyJWK] = {}
        self._fetched_at = self._next_fetch = -inf
        self._failure: IssuerError | None = None

    def find(self, key_id: str) -> "PyJWK | None":
        """Return the key with an id, or None if the issuer has no such key.

        Raises:
            AccessUnavailableError: The key is unknown, and the issuer could not be reached.
        """
        now = self._clock()
        if key_id in self._keys and now < self._fetched_at + FRESH_S:
            return self._keys[key_id]
        if now >= self._next_fetch:
            self._refresh()
        if key_id in self._keys and now < self._fetched_at + USABLE_S:
            return self._keys[key_id]
        if self._failure is not None:
            raise AccessUnavailableError(
                "The token cannot be checked now. Try again.",
                retry_after_s=max(1, ceil(self._next_fetch - self._clock())),
                cause=str(self._failure),
            ) from self._failure
        return None

    def _refresh(self) -> None:
        try:
            self._keys = self._fetch()
        except IssuerError as error:
            self._failure = error
            self._next_fetch = self._clock() + RETRY_S
        else:
            self._failure = None
            self._fetched_at = self._clock()
            self._next_fetch = self._fetched_at + COOL_DOWN_S
