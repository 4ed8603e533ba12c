"""Who may call the API: Apps made from manifests, their installations, and tokens.

Owns the secrets of the fake GitHub, which are random at each start, and their check.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.local.github.apps.hooks import Hook
from infra.local.github.world.records import Account, Repository

LONGEST_NAME = 34
_CODE_LIFETIME = timedelta(hours=1)
_TOKEN_LIFETIME = timedelta(hours=1)
_LONGEST_JWT = timedelta(minutes=10)
_DRIFT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class App:
    """A registered App."""

    id: int
    slug: str
    name: str
    owner: Account
    url: str
    setup_url: str | None
    hook: Hook
    private_key: str = field(repr=False)
    public_key: str = field(repr=False)
    client_id: str
    client_secret: str = field(repr=False)
    permissions: Mapping[str, str]
    events: tuple[str, ...]
    created_at: datetime


@dataclass(slots=True)
class Installation:
    """An installation of an App on an account, for all its repositories or the selected ones."""

    id: int
    app: App
    account: Account
    created_at: datetime
    suspended_at: datetime | None = None
    selected: frozenset[int] | None = None

    def sees(self, repository: Repository) -> bool:
        """Return whether a repository belongs to the installation."""
        is_selected = self.selected is None or repository.id in self.selected
        return is_selected and repository.owner.id == self.account.id


@dataclass(frozen=True, slots=True)
class Actor:
    """Who sends a request: a user, an App, or an installation of it."""

    name: str
    user: Account | None = None
    app: App | None = None
    installation: Installation | None = None


class Registry:
    """Apps, installations and tokens."""

    def __init__(self, clock: Callable[[], datetime], new_id: Callable[[], int]) -> None:
        """Start without Apps, installations and tokens."""
        self._clock = clock
        self._new_id = new_id
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self._codes: dict[str, tuple[App, datetime]] = {}
        self._tokens: dict[str, tuple[Actor, datetime | None]] = {}

    def register(self, manifest: Mapping[str, object], owner: Account) -> App:
        """Make the App of a manifest.

        Raises:
            ValueError: The manifest is not valid, or the name is taken.
        """
        name, url, hook_url = _required(manifest)
        slug = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
        if len(name) > LONGEST_NAME or not slug:
            raise ValueError(f"Name must have 1 to {LONGEST_NAME} characters")
        if self.find_app(slug) is not None:
            raise ValueError("Name is already taken")
        setup_url = manifest.get("setup_url")
        events = tuple(map(str, _list(manifest.get("default_events"))))
        permissions = manifest.get("default_permissions")
        private, public = _key_pair()
        now, number = self._clock(), self._new_id()
        app = App(
            id=number,
            slug=slug,
            name=name,
            owner=owner,
            url=url,
            setup_url=setup_url if isinstance(setup_url, str) else None,
            hook=Hook(number, "App", hook_url, secrets.token_hex(20), events, now),
            private_key=private,
            public_key=public,
            client_id=f"Iv1.{secrets.token_hex(8)}",
            client_secret=secrets.token_hex(20),
            permissions=dict(permissions) if isinstance(permissions, dict) else {},
            events=events,
            created_at=now,
        )
        self.apps[number] = app
        return app

    def code_of(self, app: App) -> str:
        """Return a code that `convert` exchanges for the App once, within an hour."""
        code = secrets.token_hex(20)
        self._codes[code] = app, self._clock() + _CODE_LIFETIME
        return code

    def convert(self, code: str) -> App | None:
        """Return the App of a code, and forget the code."""
        app, ends_at = self._codes.pop(code, (None, None))
        return app if ends_at is not None and self._clock() < ends_at else None

    def install(
        self, app: App, account: Account, *, selected: frozenset[int] | None = None
    ) -> Installation:
        """Install an App on an account; return the present installation if there is one.

        `selected` has the ids of the only repositories that the installation sees.
        """
        for one in self.installations.values():
            if one.app is app and one.account is account:
                return one
        made = Installation(self._new_id(), app, account, self._clock(), selected=selected)
        self.installations[made.id] = made
        return made

    def find_app(self, slug: str) -> App | None:
        """Return the App with this name in addresses."""
        return next((app for app in self.apps.values() if app.slug == slug), None)

    def user_token(self, account: Account) -> str:
        """Return a new personal access token, which sees every repository."""
        token = f"ghp_{secrets.token_hex(18)}"
        self._tokens[token] = Actor(f"user {account.login}", user=account), None
        return token

    def installation_token(self, installation: Installation) -> tuple[str, datetime]:
        """Return a new token of an installation, and when it ends."""
        token, ends_at = f"ghs_{secrets.token_hex(18)}", self._clock() + _TOKEN_LIFETIME
        actor = Actor(f"installation {installation.id}", installation=installation)
        self._tokens[token] = actor, ends_at
        return token, ends_at

    def revoke_tokens(self) -> None:
        """End all tokens of installations."""
        self._tokens = {token: one for token, one in self._tokens.items() if one[1] is None}

    def actor(self, authorization: str) -> Actor | None:
        """Return who sends the header, None if it is not valid now."""
        _, _, token = authorization.partition(" ")
        if token.count(".") == 2:
            return self._app_actor(token)
        actor, ends_at = self._tokens.get(token, (None, None))
        return None if ends_at is not None and self._clock() >= ends_at else actor

    def _app_actor(self, token: str) -> Actor | None:
        try:
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
            app = next(one for one in self.apps.values() if issuer in {str(one.id), one.client_id})
            claims = jwt.decode(
                token, app.public_key, algorithms=["RS256"],
                options={"verify_exp": False, "verify_iat": False, "require": ["iat", "exp"]},
            )  # fmt: skip
        except (jwt.PyJWTError, StopIteration):
            return None
        now = self._clock().timestamp()
        is_timely = claims["iat"] <= now + _DRIFT.total_seconds() and now < claims["exp"]
        if not is_timely or claims["exp"] > now + _LONGEST_JWT.total_seconds():
            return None
        return Actor(f"app {app.id}", app=app)


def _key_pair() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def _required(manifest: Mapping[str, object]) -> tuple[str, str, str]:
    """Return name, address and webhook address of a manifest."""
    hook = manifest.get("hook_attributes")
    hook_url = hook.get("url") if isinstance(hook, dict) else None
    match manifest.get("name"), manifest.get("url"), hook_url:
        case str(name), str(url), str(address):
            return name, url, address
    raise ValueError("the manifest needs name, url and hook_attributes")


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
