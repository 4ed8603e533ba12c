"""The keys of an issuer: how often they are fetched, and what a process does without them."""

import json
import time
from collections.abc import Iterator
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwt import PyJWK

from graphql_api.access.github_actions import discovery, signing_keys
from graphql_api.access.github_actions.discovery import IssuerError, fetch_keys
from graphql_api.access.github_actions.signing_keys import SigningKeys
from graphql_api.vocabulary.errors import AccessUnavailableError
from tests.support.graphql_api.token_issuer import DISCOVERY, KEYS, Issuer, issuing, web_key


class World:
    """A clock, and an issuer without HTTP. `up` is whether the issuer can be reached."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.published = {"first"}
        self.up = True
        self.fetches: list[float] = []
        self.keys = SigningKeys(self._fetch, clock=lambda: self.now)

    def _fetch(self) -> dict[str, PyJWK]:
        self.fetches.append(self.now)
        if not self.up:
            raise IssuerError("down")
        return {name: cast("PyJWK", name) for name in self.published}

    def find(self, key_id: str) -> str | None:
        return cast("str | None", self.keys.find(key_id))


def test_keys_are_fetched_once_while_they_are_fresh() -> None:
    world = World()
    for _ in range(5):
        assert world.find("first") == "first"
        world.now += signing_keys.FRESH_S / 5 - 1
    assert len(world.fetches) == 1
    world.now += 10
    assert world.find("first") == "first"
    assert len(world.fetches) == 2


def test_flood_of_unknown_key_ids_causes_few_fetches() -> None:
    world = World()
    for number in range(10_000):
        assert world.find(f"unknown {number}") is None
        world.now += 0.01
        assert world.find("first") == "first"
    assert len(world.fetches) <= 1 + 100 / signing_keys.COOL_DOWN_S


def test_new_key_is_found_after_the_cool_down() -> None:
    world = World()
    assert world.find("first") == "first"
    world.published = {"second"}
    assert world.find("second") is None
    assert world.find("first") == "first"
    world.now += signing_keys.COOL_DOWN_S
    assert world.find("second") == "second"
    assert world.find("first") is None


def test_withdrawn_key_is_refused_when_keys_are_no_longer_fresh() -> None:
    world = World()
    assert world.find("first") == "first"
    world.published = {"second"}
    world.now += signing_keys.FRESH_S
    assert world.find("first") is None


def test_keys_stay_usable_for_a_day_if_the_issuer_is_down() -> None:
    world = World()
    assert world.find("first") == "first"
    world.up = False
    world.now += signing_keys.USABLE_S - 1
    assert world.find("first") == "first"
    with pytest.raises(AccessUnavailableError):
        world.find("second")
    world.now += 1
    with pytest.raises(AccessUnavailableError):
        world.find("first")


def test_failed_fetch_is_not_repeated_at_once() -> None:
    world = World()
    world.up = False
    for _ in range(100):
        with pytest.raises(AccessUnavailableError) as refused:
            world.find("first")
        assert refused.value.retry_after_s == signing_keys.RETRY_S
    assert len(world.fetches) == 1
    world.up = True
    world.now += refused.value.retry_after_s
    assert world.find("first") == "first"


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.1, 1, 4, 29, 60, 899, 50_000]),
            st.sampled_from(["first", "second", "never"]),
            st.booleans(),
            st.sampled_from([{"first"}, {"second"}, {"first", "second"}]),
        ),
        max_size=40,
    )
)
def test_key_is_one_that_was_published_within_a_day(
    steps: list[tuple[float, str, bool, set[str]]],
) -> None:
    world = World()
    seen: list[tuple[float, set[str]]] = []
    for pause, key_id, up, published in steps:
        world.now += pause
        world.up, world.published = up, published
        before = len(world.fetches)
        try:
            found = world.find(key_id)
        except AccessUnavailableError:
            found = None
        if len(world.fetches) > before and up:
            seen.append((world.now, published))
        # Plain definition: a key is valid if the last key set that was read contains it.
        at, keys = seen[-1] if seen else (0.0, set())
        if found is not None:
            assert found in keys
            assert world.now - at < signing_keys.USABLE_S
        elif key_id in keys:
            assert world.now - at >= signing_keys.USABLE_S
    gaps = [later - one for one, later in zip(world.fetches, world.fetches[1:], strict=False)]
    assert all(gap >= signing_keys.RETRY_S for gap in gaps)


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as served:
        yield served


def test_keys_are_discovered(issuer: Issuer) -> None:
    issuer.keys = ["first", "second"]
    assert set(fetch_keys(issuer.url)) == {"first", "second"}
    assert issuer.fetched == [DISCOVERY, KEYS]


def key_set(*keys: object) -> bytes:
    return json.dumps({"keys": keys}).encode()


SECRET = {"kty": "oct", "kid": "first", "k": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4"}


def broken(issuer: Issuer) -> dict[str, tuple[str, int, bytes]]:
    """Return the path, the status and the body of wrong responses, by what is wrong."""
    foreign = {"issuer": "https://evil.example", "jwks_uri": issuer.url + KEYS}
    malformed = {"issuer": issuer.url, "jwks_uri": "https://["}
    unhelpful = {"issuer": issuer.url, "jwks_uri": [issuer.url + KEYS]}
    listed = {"kid": "first", "kty": ["RSA"], "alg": ["RS256"]}
    return {
        "missing": (DISCOVERY, 404, b""),
        "a page": (DISCOVERY, 200, b"<html>"),
        "a list": (DISCOVERY, 200, b"[]"),
        "empty": (DISCOVERY, 200, b"{}"),
        "of another issuer": (DISCOVERY, 200, json.dumps(foreign).encode()),
        "address is malformed": (DISCOVERY, 200, json.dumps(malformed).encode()),
        "address is a list": (DISCOVERY, 200, json.dumps(unhelpful).encode()),
        "moved": (DISCOVERY, 302, b""),
        "down": (KEYS, 500, b""),
        "no body": (KEYS, 200, b""),
        "not UTF-8": (KEYS, 200, b"\xff"),
        "nested": (KEYS, 200, b"[" * 100_000),
        "large": (KEYS, 200, b" " * (discovery.LARGEST_DOCUMENT + 1)),
        "keys are a number": (KEYS, 200, b'{"keys": 1}'),
        "keys are an object": (KEYS, 200, b'{"keys": {}}'),
        "no key": (KEYS, 200, key_set()),
        "keys are no objects": (KEYS, 200, key_set("first", 1, None)),
        "malformed key": (
            KEYS,
            200,
            key_set({"kid": "first", "kty": "RSA", "n": "!", "e": "AQAB"}),
        ),
        "half a key": (KEYS, 200, key_set({"kid": "first", "kty": "RSA"})),
        "lists in a key": (KEYS, 200, key_set(listed)),
        "a symmetric key": (KEYS, 200, key_set(SECRET)),
        "a key for RS512": (KEYS, 200, key_set({**web_key("first"), "alg": "RS512"})),
        "a key of another type": (KEYS, 200, key_set({**SECRET, "alg": "RS256"})),
        "a key for encryption": (KEYS, 200, key_set({**web_key("first"), "use": "enc"})),
        "use is a list": (KEYS, 200, key_set({**web_key("first"), "use": ["sig"]})),
        "id is a number": (KEYS, 200, key_set({**web_key("first"), "kid": 1})),
    }


def test_broken_issuer_has_no_keys(issuer: Issuer) -> None:
    for fault, (path, status, body) in broken(issuer).items():
        issuer.replies = {path: (status, body)}
        try:
            found = fetch_keys(issuer.url)
        except IssuerError:
            continue
        raise AssertionError(fault, found)


def test_useless_keys_are_left_out(issuer: Issuer) -> None:
    usable = {**web_key("second"), "x5c": ["MIIC"], "x5t": "a"}
    del usable["alg"]
    issuer.replies[KEYS] = (200, key_set(SECRET, "x", {"kty": "EC", "kid": "e"}, usable))
    assert set(fetch_keys(issuer.url)) == {"second"}


def test_redirect_is_not_followed(issuer: Issuer) -> None:
    issuer.replies[DISCOVERY] = (302, b"")
    with pytest.raises(IssuerError, match="302"):
        fetch_keys(issuer.url)
    assert issuer.fetched == [DISCOVERY]


def test_slow_issuer_is_given_up(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "TIMEOUT_S", 0.2)
    issuer.delay_s = 0.6
    started = time.monotonic()
    with pytest.raises(IssuerError, match=r"TimeoutError|timed out"):
        fetch_keys(issuer.url)
    assert time.monotonic() - started < 0.55


def test_slow_body_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "TIMEOUT_S", 0.05)

    class Dripping:
        def read1(self, _: int) -> bytes:
            time.sleep(0.02)
            return b" "

    with pytest.raises(TimeoutError):
        discovery._body(Dripping())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    ["http://token.example", "http://127.0.0.1.example", "http://localhost:1", "file:///etc", "x"],
)
def test_only_https_is_accepted(address: str) -> None:
    with pytest.raises(IssuerError, match="must use https"):
        fetch_keys(address)


def test_keys_of_an_https_issuer_come_over_https(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {"issuer": "https://ghes.example", "jwks_uri": f"{issuer.url}{KEYS}"}
    monkeypatch.setattr(discovery, "_document", lambda _: document)
    with pytest.raises(IssuerError, match="https"):
        fetch_keys("https://ghes.example")
