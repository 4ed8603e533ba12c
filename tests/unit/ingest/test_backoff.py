"""Backoff: limits double up to a maximum; a delay is random between zero and its limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.backoff import Backoff, pause

BACKOFF = Backoff(first_s=0.1, longest_s=1.0)


def test_limits_double_up_to_maximum() -> None:
    limits = [BACKOFF.limit_s(attempt) for attempt in range(6)]
    assert limits == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.0, 1.0])


@given(st.integers(0, 50), st.floats(0, 1))
def test_delay_is_given_fraction_of_limit(attempt: int, fraction: float) -> None:
    delay_s = BACKOFF.delay_s(attempt, fraction=fraction)
    assert delay_s == BACKOFF.limit_s(attempt) * fraction
    assert 0 <= delay_s <= BACKOFF.longest_s


def test_pause_sleeps_for_random_delay_and_returns_it(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    returned = [pause(BACKOFF, 3) for _ in range(200)]
    assert returned == slept
    assert 0 <= min(slept) < 0.2
    assert 0.6 < max(slept) <= BACKOFF.limit_s(3)
