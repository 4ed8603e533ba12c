"""Metrics: lines of the log with exactly the dimensions that alarms and the dashboard name."""

from importlib import reload

import pytest

from ingest.metrics import report as report_module
from ingest.metrics.names import KNOWN_IGNORED_ACTIONS, Name, ignored_action
from ingest.metrics.report import counted
from ingest.terms import Action
from tests.support.metric_lines import metric, metrics_in


@pytest.fixture(autouse=True)
def stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACK_NAME", "Gcsmttr")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "receiver")
    # Powertools reads the name of the function when the module is loaded.
    reload(report_module)


def test_metrics_have_the_stack_and_the_given_dimensions_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report_module.report({Name.REFUSED: 1}, {"reason": "signature_wrong"})
    report_module.report({Name.ACCEPTED: 2})
    assert metrics_in(capsys.readouterr().out) == {
        metric("Refused", reason="signature_wrong"): [1],
        metric("Accepted"): [2],
    }


@pytest.mark.parametrize("number", [1, 99, 100, 200, 250])
def test_each_lag_is_reported_once(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    report_module.report({Name.APPLIED: number}, {"level": "alert"}, lags_ms=range(number))
    assert metrics_in(capsys.readouterr().out) == {
        metric("Lag", level="alert"): list(range(number)),
        metric("Applied", level="alert"): [number],
    }


def test_nothing_to_report_writes_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    report_module.report(counted({Name.KEPT: 0}))
    assert capsys.readouterr().out == ""


def test_function_works_before_its_environment_is_updated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STACK_NAME")
    report_module.report({Name.ACCEPTED: 1})
    assert capsys.readouterr().out == ""


def test_dimension_of_ignored_deliveries_has_few_values() -> None:
    assert ignored_action("event_ignored", None) == "other_event"
    assert ignored_action("action_ignored", "updated_assignment") == "updated_assignment"
    assert ignored_action("action_ignored", "x" * 500) == "other_action"
    assert not KNOWN_IGNORED_ACTIONS & set(Action)
