"""Who sends a request: a token, a GitHub App, or an installation of the App.

Owns the headers with the secrets, and when a secret is renewed. No representation, log or error
contains a secret.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import jwt
from gidgethub import sansio

REQUESTER = "gcsmttr"
"""The user agent: GitHub refuses requests without one."""
_JWT_BACKDATED = timedelta(minutes=1)
_JWT_LIFETIME = timedelta(minutes=9)
"""GitHub accepts at most ten minutes. The rest is for clocks that differ."""
_RENEWED_BEFORE = timedelta(minutes=5)
"""An installation token lives for an hour."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token with an expiry."""

    token: str = field(repr=False)
    expires_at: datetime


class Credentials(Protocol):
    """What adds the authorization to a request."""

    def headers(self, now: datetime) -> dict[str, str]:
        """Return the headers of a request that is sent now, with names in lower case."""
        ...

    def discard(self) -> bool:
        """Forget what GitHub refused as unauthorized. Return whether a repetition can help."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """A personal access token, or any token that is not renewed here."""

    token: str = field(repr=False)

    def headers(self, now: datetime) -> dict[str, str]:  # noqa: ARG002
        """Return the headers with the token."""
        return sansio.create_headers(REQUESTER, oauth_token=self.token)

    def discard(self) -> bool:
        """Return false: another token does not exist."""
        return False


@dataclass(frozen=True, slots=True)
class NoCredentials:
    """For the exchange of a manifest's code, which is the only secret of that request."""

    def headers(self, now: datetime) -> dict[str, str]:  # noqa: ARG002
        """Return the headers without authorization."""
        return sansio.create_headers(REQUESTER)

    def discard(self) -> bool:
        """Return false."""
        return False


class App:
    """A GitHub App itself: signs a JSON Web Token with the private key of the App."""

    def __init__(self, app_id: int | str, private_key: str) -> None:
        """Store the App id (or client id) and the private key in PEM form.

        Raises:
            ValueError: The private key is not an RSA key in PEM form.
        """
        self.app_id = str(app_id)
        self._private_key = private_key
        try:
            self._sign(datetime.fromtimestamp(0).astimezone())
        except (ValueError, TypeError, jwt.PyJWTError):
            raise ValueError("the private key of the App must be an RSA key in PEM form") from None

    def __repr__(self) -> str:
        return f"App(app_id={self.app_id!r})"

    def headers(self, now: datetime) -> dict[str, str]:
        """Return the headers with a new JSON Web Token."""
        return sansio.create_headers(REQUESTER, jwt=self._sign(now))

    def discard(self) -> bool:
        """Return false: each request has a new token already."""
        return False

    def _sign(self, now: datetime) -> str:
        issued_at = int((now - _JWT_BACKDATED).timestamp())
        expires_at = int((now + _JWT_LIFETIME).timestamp())
        claims = {"iat": issued_at, "exp": expires_at, "iss": self.app_id}
        return jwt.encode(claims, self._private_key, algorithm="RS256")


class Installation:
    """An installation of an App: gets a token, and renews it before it expires."""

    def __init__(self, issue: Callable[[], IssuedToken]) -> None:
        """Store the function that asks GitHub for a token."""
        self._issue = issue
        self._issued: IssuedToken | None = None

    def headers(self, now: datetime) -> dict[str, str]:
        """Return the headers with a token that is valid for at least five minutes."""
        if self._issued is None or self._issued.expires_at - now < _RENEWED_BEFORE:
            self._issued = self._issue()
        return sansio.create_headers(REQUESTER, oauth_token=self._issued.token)

    def discard(self) -> bool:
        """Forget the token, which may be revoked, and return whether there was one."""
        had_one, self._issued = self._issued is not None, None
        return had_one
