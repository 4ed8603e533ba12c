"""The bins of the histogram: exact at service levels, within 5 % elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollup.metrics import histogram
from rollup.metrics.histogram import EDGES_MS, EXACT_DAYS, bin_of, last_bin_within, middle_ms


@given(st.integers(1_000, 20 * 365 * 86_400_000))
def test_middle_of_a_bin_is_within_five_percent_of_its_durations(duration_ms: int) -> None:
    assert abs(middle_ms(bin_of(duration_ms)) - duration_ms) <= 0.05 * duration_ms


@given(st.sampled_from(EXACT_DAYS), st.integers(-2, 2))
def test_bins_up_to_an_exact_day_count_no_longer_durations(days: int, off: int) -> None:
    duration_ms = days * 86_400_000 + off
    assert (bin_of(duration_ms) <= last_bin_within(days)) == (off <= 0)


def test_edges_ascend_and_outer_bins_are_represented_by_their_edges() -> None:
    assert list(EDGES_MS) == sorted(set(EDGES_MS))
    assert middle_ms(bin_of(0)) == 0
    assert middle_ms(bin_of(10**15)) == EDGES_MS[-1]
    with pytest.raises(ValueError, match="no exact edge"):
        histogram.last_bin_within(31)
