"""The limit of requests for each key: a bucket in memory, and the response 429."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api import query_handler
from graphql_api.access.key_store import AccessKeyStore
from graphql_api.access.request_rate import MOST_KEPT, RequestRate
from tests.support.graphql_api.deployment import NOW, Response, deployed


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@given(
    per_second=st.integers(1, 20),
    burst=st.integers(1, 20),
    pauses=st.lists(st.sampled_from([0, 0, 0, 1 / 16, 1 / 4, 1, 5]), max_size=60),
)
def test_bucket_permits_burst_and_then_its_rate(
    per_second: int, burst: int, pauses: list[float]
) -> None:
    clock = Clock()
    rate = RequestRate(per_second=per_second, burst=burst, clock=clock)
    permitted: list[float] = []
    for pause in pauses:
        clock.now += pause
        wait_s = rate.take("key")
        if wait_s == 0:
            permitted.append(clock.now)
        # Plain definition: no interval contains more than the burst and what was added meanwhile.
        for start in permitted:
            sent = sum(1 for at in permitted if at >= start)
            assert sent <= burst + (clock.now - start) * per_second + 1e-6
        if wait_s:
            later = RequestRate(per_second=per_second, burst=burst, clock=clock)
            later._buckets = rate._buckets.copy()
            now, clock.now = clock.now, clock.now + wait_s
            assert later.take("key") == 0
            clock.now = now


def test_unused_bucket_is_full_and_never_fuller() -> None:
    clock = Clock()
    rate = RequestRate(per_second=2, burst=3, clock=clock)
    for _ in range(2):
        assert [rate.take("key") for _ in range(4)] == [0, 0, 0, 1]
        clock.now += 3_600


def test_keys_have_their_own_buckets_and_few_are_kept() -> None:
    rate = RequestRate(per_second=1, burst=1, clock=Clock())
    assert [rate.take("first"), rate.take("second"), rate.take("first")] == [0, 0, 1]
    for number in range(MOST_KEPT + 10):
        rate.take(f"{number}")
    assert len(rate._buckets) == MOST_KEPT


def test_zero_is_no_limit() -> None:
    rate = RequestRate(per_second=0, burst=1, clock=Clock())
    assert {rate.take("key") for _ in range(100)} == {0}


def test_key_over_its_limit_gets_429(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = {"KEY_REQUESTS_PER_SECOND": "1", "KEY_REQUEST_BURST": "2"}
    with deployed(monkeypatch, CORS_ORIGINS="*", **limits) as deployment:
        other = AccessKeyStore(deployment.client, "AccessKeys").create("other", now=NOW)
        clock = Clock()
        monkeypatch.setattr(query_handler._service().authenticate._rate, "_clock", clock)  # type: ignore[attr-defined]

        def ask(key: str = deployment.key) -> Response:
            headers = {"content-type": "application/json", "origin": "https://a.example"}
            body = b'{"query":"{ __typename }"}'
            return deployment.send("POST", headers={**headers, "x-api-key": key}, body=body)

        assert [ask().status for _ in range(2)] == [200, 200]
        capsys.readouterr()
        refused = ask()
        assert (refused.status, refused.headers["retry-after"]) == (429, "1")
        assert refused.json["errors"][0]["extensions"] == {
            "code": "LIMIT_EXCEEDED",
            "reason": "too_many_requests",
        }
        assert "retry-after" in refused.headers["access-control-expose-headers"]
        refused.assert_security_headers()
        line = json.loads(capsys.readouterr().out)
        assert (line["status"], line["key"]) == (429, "tests")
        assert line["reasons"] == ["too_many_requests"]
        assert ask(other).status == 200
        assert ask("wrong").status == 401
        clock.now += 1
        assert [ask().status for _ in range(2)] == [200, 429]


def test_without_the_variables_there_is_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with deployed(monkeypatch) as deployment:
        assert {deployment.ask("{ __typename }").status for _ in range(200)} == {200}
