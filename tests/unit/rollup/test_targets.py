"""The targets of service levels: their text, and when an alert is due."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.terms import Severity
from rollup.metrics.histogram import EXACT_DAYS
from rollup.service_levels.targets import DEFAULT_TARGETS, due_ms, parse_targets, targets_text


@given(st.dictionaries(st.sampled_from(Severity), st.sampled_from(EXACT_DAYS), min_size=1))
def test_targets_are_read_from_their_text_most_severe_first(targets: dict[Severity, int]) -> None:
    found = parse_targets(targets_text(targets))
    assert found == targets
    assert list(found) == sorted(targets, key=list(Severity).index)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CRITICAL",
        "CRITICAL=",
        "CRITICAL=31",
        "CRITICAL=0",
        "WORST=7",
        "HIGH=7,HIGH=7",
        "LOW=7,",
    ],
)
def test_malformed_targets_are_an_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        parse_targets(text)


def test_alert_is_due_its_target_times_24_hours_after_its_creation() -> None:
    assert due_ms(DEFAULT_TARGETS, Severity.CRITICAL, 5) == 7 * 24 * 3_600_000 + 5
    assert due_ms(DEFAULT_TARGETS, Severity.WARNING, 5) is None
