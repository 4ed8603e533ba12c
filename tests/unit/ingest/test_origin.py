"""Origins: their form, their limits, and lags from GitHub's time."""

from dataclasses import replace

import pytest

from ingest import origin
from ingest.alerts.change import origin_of
from ingest.instant import to_ms
from ingest.origin import Origin, deliveries_of, lags_ms, merged, without_times
from ingest.terms import Action
from tests.support.alert_events import CREATED

MANY = tuple(Origin(f"d-{number}", number) for number in range(12))


def test_attribute_round_trips_and_may_be_absent() -> None:
    origins = (Origin("d", 5), Origin("e"))
    assert origin.from_item(origin.to_attribute(origins)) == origins
    assert origin.to_attribute(()) == {}
    assert origin.from_item({}) == ()


@pytest.mark.parametrize("packed", [None, {}, "d", [["d"]], [[5, 5]], [["d", "5"]], [["d", 1, 2]]])
def test_other_values_are_refused(packed: object) -> None:
    with pytest.raises(TypeError):
        origin.from_json(packed)


def test_merged_origins_are_unique_in_order_and_limited() -> None:
    assert merged([MANY[:2], MANY[1:3]]) == MANY[:3]
    assert merged([MANY], most=10) == MANY[:10]


def test_log_line_names_each_delivery_once() -> None:
    assert deliveries_of((Origin("a", 1), Origin("b"), Origin("a"))) == "a b"


def test_lag_is_never_negative_and_needs_a_time() -> None:
    assert lags_ms((Origin("a", 100), Origin("b"), Origin("c", 300)), now_ms=250) == [150, 0]
    assert without_times((Origin("a", 100), Origin("a", 200))) == (Origin("a"),)


def test_only_changes_that_were_delivered_have_a_time() -> None:
    assert CREATED.happened_at is not None
    assert origin_of(CREATED) == Origin("d", to_ms(CREATED.happened_at))
    assert origin_of(replace(CREATED, happened_at=None)) == Origin("d")
    assert origin_of(replace(CREATED, action=Action.RECONCILED)) == Origin("d")
