"""The ranges of one process: how long they are used, and what happens if they cannot be read."""

from datetime import UTC, datetime

import pytest

from ingest.errors import HookRangesError
from ingest.source_addresses.current_ranges import CACHE_SECONDS, CurrentRanges
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.source_addresses.stored_ranges import StoredRanges

NOTHING = HookRanges.listed(())
SEED = HookRanges.listed(["192.0.2.0/24"])
FIRST = HookRanges.listed(["198.51.100.0/24"])
SECOND = HookRanges.listed(["203.0.113.0/24"])
REASON = "hook_ranges_unreadable"


class Store:
    """A stored copy that can be replaced, and that can fail."""

    def __init__(self) -> None:
        self.ranges: HookRanges | None = None
        self.fails = False
        self.reads = 0

    def read(self) -> StoredRanges | None:
        self.reads += 1
        if self.fails:
            raise HookRangesError(REASON)
        return StoredRanges(self.ranges, datetime.now(UTC)) if self.ranges else None


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def clock() -> list[float]:
    return [1_000.0]


def current(store: Store, clock: list[float], seed: HookRanges = SEED) -> CurrentRanges:
    return CurrentRanges(store.read, seed=seed, clock=lambda: clock[0])


def test_a_copy_is_read_once_a_minute(store: Store, clock: list[float]) -> None:
    ranges = current(store, clock)
    assert ranges.now() == (SEED, None)
    store.ranges = FIRST
    assert ranges.now() == (SEED, None)
    clock[0] += CACHE_SECONDS
    assert [ranges.now(), ranges.now()] == [(FIRST, None)] * 2
    assert store.reads == 2


def test_the_last_copy_is_used_while_it_cannot_be_read(store: Store, clock: list[float]) -> None:
    ranges = current(store, clock)
    store.ranges = FIRST
    ranges.now()
    store.ranges, store.fails = SECOND, True
    clock[0] += CACHE_SECONDS
    assert ranges.now() == (FIRST, REASON)
    assert ranges.now() == (FIRST, None)
    assert store.reads == 2
    clock[0] += 5
    assert ranges.now() == (FIRST, REASON)
    store.fails = False
    clock[0] += 5
    assert ranges.now() == (SECOND, None)


def test_the_listed_ranges_are_used_if_the_first_read_fails(
    store: Store, clock: list[float]
) -> None:
    store.fails = True
    assert current(store, clock).now() == (SEED, REASON)


def test_a_failed_read_raises_if_no_ranges_are_known(store: Store, clock: list[float]) -> None:
    store.fails = True
    ranges = current(store, clock, NOTHING)
    for _ in range(2):
        with pytest.raises(HookRangesError, match=REASON):
            ranges.now()
    assert store.reads == 2
