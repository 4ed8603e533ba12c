"""The log has one short line for each request."""

import json

import pytest

from graphql_api import query_handler
from graphql_api.http import request_log
from graphql_api.http.request_log import RequestLog
from tests.support.graphql_api.deployment import Deployment


def test_client_error_is_one_log_line_without_traceback(
    deployment: Deployment, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    deployment.ask("query Mine { getAlerts(limit: 0) { nextToken } }")
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["level"], line["message"]) == ("INFO", "answered")
    assert (line["function_name"], line["function_request_id"]) == ("test", "test")
    assert (line["reasons"], line["key"]) == (["bad_limit"], "tests")
    assert not caplog.records


def test_client_text_is_cut_in_log(
    deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "x" * 1_000_000
    body = json.dumps({"query": "query A { __typename }", "operationName": name}).encode()
    headers = {"content-type": "application/json"}
    assert deployment.send("POST", headers=headers, body=body).reasons == ["unknown_operation"]
    deployment.send("x" * 1_000, headers={name[:5_000]: name})
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert len(first["operation"]) == len(second["method"]) == 100
    assert first["operation"] == "x" * 50 + "…" + "x" * 49


def test_traceback_is_cut_in_log(capsys: pytest.CaptureFixture[str]) -> None:
    log = RequestLog(service="cut", level="INFO")
    log.fault("a reference", LookupError("\ud800" * 1_000_000))
    (line,) = capsys.readouterr().out.splitlines()
    fault = json.loads(line)
    assert (fault["message"], fault["reference"]) == ("fault", "a reference")
    assert fault["exception_name"] == "LookupError"
    assert len(fault["exception"]) == request_log.LONGEST_TRACEBACK


def test_log_level_above_info_logs_no_requests(
    deployment: Deployment,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    query_handler._log.cache_clear()
    deployment.ask("{ __typename }")
    query_handler._log.cache_clear()
    assert not capsys.readouterr().out
