"""The check of a GitHub Actions token: its signature, its times, its issuer and its audience.

Owns what makes a token genuine; `trust` decides what its holder can read. Only RS256 is accepted,
GitHub's only algorithm, so a token cannot select another one. Nothing of a token is stored or
logged.
"""

from collections.abc import Callable

import jwt

from graphql_api.access.access import Access
from graphql_api.access.github_actions.discovery import fetch_keys
from graphql_api.access.github_actions.signing_keys import SigningKeys
from graphql_api.access.github_actions.trust import Trust, refuse

ALGORITHM = "RS256"
LEEWAY_S = 10
"""The seconds by which the clocks of GitHub and of this machine can differ."""
LONGEST_LIFETIME_S = 86_400
"""Seconds from the issue of a token to its expiry. GitHub's tokens are valid for minutes."""
LONGEST_TOKEN = 8_192
"""Characters of a token. GitHub's have about 2,000; an HTTP API accepts headers of 10,240 bytes."""


def token_check(trust: Trust, *, clock: Callable[[], float]) -> "TokenCheck":
    """Return a check that fetches the keys of the trusted issuer when it needs them."""
    return TokenCheck(trust, SigningKeys(lambda: fetch_keys(trust.issuer), clock=clock))


class TokenCheck:
    """Checks tokens of one issuer."""

    def __init__(self, trust: Trust, keys: SigningKeys) -> None:
        self._trust = trust
        self._keys = keys

    def __call__(self, token: str) -> Access:
        """Return what the holder of a token can read.

        Raises:
            UnauthorizedError: The token is not valid, or its holder cannot query.
            AccessUnavailableError: The issuer's keys cannot be fetched now.
        """
        if not token or len(token) > LONGEST_TOKEN or not token.isascii():
            refuse("form")
        try:
            key = self._keys.find(_key_id(token))
            if key is None:
                refuse("kid")
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=self._trust.audience,
                issuer=self._trust.issuer,
                leeway=LEEWAY_S,
                options={
                    "require": ["exp", "iat", "iss", "aud"],
                    "strict_aud": True,
                    "enforce_minimum_key_length": True,
                },
            )
        except jwt.PyJWTError as error:
            refuse(type(error).__name__)
        if int(claims["exp"]) - int(claims["iat"]) > LONGEST_LIFETIME_S:
            refuse("exp")
        return self._trust.access(claims)


def _key_id(token: str) -> str:
    header = jwt.get_unverified_header(token)
    if header.get("alg") != ALGORITHM:
        refuse("alg")
    key_id = header.get("kid")
    if not isinstance(key_id, str):
        refuse("kid")
    return key_id
