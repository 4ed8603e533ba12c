"""Requests that fail: what is repeated, after which wait, and what is not."""

from collections.abc import Callable
from datetime import timedelta

import httpx2
import pytest

from github_rest import rate_limits, repositories
from github_rest.errors import (
    GitHubError,
    InvalidResponseError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import Token
from github_rest.http.retries import Patience
from infra.local.github.github import GitHub
from infra.local.github.http.limits import Fault
from tests.unit.github_rest.conftest import SERVER, Clock


@pytest.fixture(autouse=True)
def repository(github: GitHub) -> None:
    github.world.add_repository("acme/web")


def test_primary_limit_ends_at_its_reset(github: GitHub, clock: Clock, client: Client) -> None:
    github.limits.limit = 1
    repositories.get(client, "acme/web")
    repositories.get(client, "acme/web")
    assert clock.waits == [3601.0]
    assert client.requests == 2, "the request that would exceed the limit is not sent"


def test_client_waits_for_limit_that_another_client_exhausted(
    github: GitHub, clock: Clock, client: Client, connect: Callable[..., Client], token: str
) -> None:
    github.limits.limit = 1
    repositories.get(connect(Token(token)), "acme/web")
    repositories.get(client, "acme/web")
    assert clock.waits == [3601.0]
    assert client.requests == 2


def test_secondary_limit_ends_after_retry_after(
    github: GitHub, clock: Clock, client: Client
) -> None:
    github.faults.add(Fault(403, "slow down", {"retry-after": "17"}))
    repositories.get(client, "acme/web")
    assert clock.waits == [17.0]


@pytest.mark.parametrize("status", [403, 429])
def test_secondary_limit_without_a_time_waits_a_minute_then_twice_as_long(
    github: GitHub, clock: Clock, client: Client, status: int
) -> None:
    github.faults.add(Fault(status, "You have exceeded a secondary rate limit", times=3))
    repositories.get(client, "acme/web")
    assert clock.waits == [60.0, 120.0, 240.0]


def test_request_to_failing_server_is_repeated_with_backoff(
    github: GitHub, clock: Clock, client: Client
) -> None:
    github.faults.add(Fault(502), Fault(500), Fault(503, headers={"retry-after": "9"}))
    repositories.get(client, "acme/web")
    assert clock.waits == [0.5, 1.0, 9.0]
    assert client.requests == 4
    assert client.connection.waited_s == 10.5


def test_a_client_gives_up_after_its_attempts(
    github: GitHub, clock: Clock, connect: Callable[..., Client], token: str
) -> None:
    client = connect(Token(token), Patience(attempts=3))
    github.faults.add(Fault(502, times=9))
    with pytest.raises(UnavailableError) as caught:
        repositories.get(client, "acme/web")
    assert caught.value.reason == "server_error"
    assert client.requests == 3
    assert len(clock.waits) == 2


def test_wait_longer_than_the_limit_raises(
    github: GitHub, clock: Clock, connect: Callable[..., Client], token: str
) -> None:
    client = connect(Token(token), Patience(longest_wait_s=20))
    github.faults.add(Fault(403, "secondary rate limit"))
    with pytest.raises(RateLimitedError) as caught:
        repositories.get(client, "acme/web")
    assert caught.value.reason == "secondary_rate_limited"
    assert caught.value.resume_at == clock.now + timedelta(minutes=1)
    assert clock.waits == []


def test_lost_network_is_repeated_and_then_reported(clock: Clock) -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("no route", request=request)

    connection = Connection(
        SERVER, transport=httpx2.MockTransport(fail), clock=clock, wait=clock.wait
    )
    with pytest.raises(UnavailableError, match="unreachable: ConnectError"):
        repositories.get(Client(Token("secret"), connection), "acme/web")
    assert connection.requests == 6


def test_request_is_repeated_after_lost_connections(
    github: GitHub, clock: Clock, client: Client
) -> None:
    github.faults.add(Fault(0, times=2))
    assert repositories.get(client, "acme/web").full_name == "acme/web"
    assert clock.waits == [0.5, 1.0]


def test_reading_the_rate_limit_does_not_use_it(github: GitHub, client: Client) -> None:
    repositories.get(client, "acme/web")
    for _ in range(2):
        found = rate_limits.get(client)
        assert found is not None
        assert (found.limit, found.remaining) == (5000, 4999)
    github.limits.is_enabled = False
    assert rate_limits.get(client) is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, "invalid_request"), (403, "forbidden"), (409, "refused"), (422, "invalid_request")],
)
def test_a_refusal_is_not_repeated(
    github: GitHub, clock: Clock, client: Client, status: int, reason: str
) -> None:
    github.faults.add(Fault(status, "Resource not accessible by integration"))
    with pytest.raises(RefusedError) as caught:
        repositories.get(client, "acme/web")
    assert (caught.value.reason, caught.value.status) == (reason, status)
    assert clock.waits == []
    assert client.requests == 1


@pytest.mark.parametrize(
    ("response", "error", "reason"),
    [
        (httpx2.Response(200, text="<html>", headers={"content-type": "application/json"}),
         InvalidResponseError, "invalid_response"),
        (httpx2.Response(200, json=[]), InvalidResponseError, "invalid_response"),
        (httpx2.Response(200, json={"id": "7"}), InvalidResponseError, "invalid_response"),
        (httpx2.Response(403, text="<html>", headers={"content-type": "text/html"}),
         RefusedError, "forbidden"),
        (httpx2.Response(422, json=[]), RefusedError, "invalid_request"),
        (httpx2.Response(301, json={}, headers={"location": "https://evil.test/x"}),
         InvalidResponseError, "foreign_url"),
        (httpx2.Response(302, json={}, headers={"location": "https://github.test/api/v3/x"}),
         InvalidResponseError, "too_many_redirects"),
    ],
)  # fmt: skip
def test_unexpected_responses_have_a_stable_reason(
    clock: Clock, response: httpx2.Response, error: type[GitHubError], reason: str
) -> None:
    transport = httpx2.MockTransport(lambda _: response)
    connection = Connection(SERVER, transport=transport, clock=clock, wait=clock.wait)
    with pytest.raises(error) as caught:
        repositories.get(Client(Token("secret"), connection), "acme/web")
    assert caught.value.reason == reason


def test_a_server_without_limits_has_no_rate(github: GitHub, client: Client) -> None:
    github.limits.is_enabled = False
    repositories.get(client, "acme/web")
    assert client.rate is None
