"""The fake GitHub in the process, and clients of it, with a clock that only waiting moves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import Credentials, Token
from github_rest.http.retries import Patience
from github_rest.servers import Server
from infra.local.github.github import GitHub
from infra.local.github.server import transport

SERVER = Server(web_url="https://github.test", api_url="https://github.test/api/v3")


@dataclass
class Clock:
    """A clock that only waiting moves."""

    now: datetime = datetime(2026, 11, 23, 9, tzinfo=UTC)
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)


@dataclass
class Receiver:
    """The receiver of webhooks: notes each delivery, and responds with `status`."""

    status: int = 202
    received: list[tuple[str, str]] = field(default_factory=list)

    def __call__(
        self, url: str, *, secret: str, payload: bytes, event: str, delivery: str
    ) -> httpx2.Response:
        assert url
        assert secret
        assert payload
        self.received.append((event, delivery))
        return httpx2.Response(self.status)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def github(clock: Clock, receiver: Receiver) -> GitHub:
    return GitHub(clock=clock, send=receiver)


@pytest.fixture
def token(github: GitHub) -> str:
    return github.registry.user_token(github.world.account("octocat", is_organisation=False))


@pytest.fixture
def connect(github: GitHub, clock: Clock) -> Callable[..., Client]:
    """Makes a client with the given credentials and patience."""

    def make(credentials: Credentials | None, patience: Patience | None = None) -> Client:
        connection = Connection(
            SERVER, transport=transport(github), patience=patience,
            clock=clock, wait=clock.wait, fraction=lambda: 0.0,
        )  # fmt: skip
        return Client(credentials, connection)

    return make


@pytest.fixture
def client(connect: Callable[..., Client], token: str) -> Client:
    """A client with a personal access token."""
    return connect(Token(token))
