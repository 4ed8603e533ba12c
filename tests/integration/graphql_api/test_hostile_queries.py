"""Random hostile queries cause no internal error, show no hidden rows, and take little time.

Set `HOSTILE_QUERIES=20000` to try more of them.
"""

import json
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import build_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.access.key_store import KeyCheck
from graphql_api.sdl import sdl
from tests.support.graphql_api.deployment import Deployment, Response, alert, deployed
from tests.support.graphql_api.dynamodb_rules import checked
from tests.support.graphql_api.hostile import Request, requests

COUNT = int(os.environ.get("HOSTILE_QUERIES", "250"))
CPU_SECONDS = 3
LONGEST_ERRORS = 200_000
LONGEST_LOG_LINE = 3_000

MINE = "octo"
HIDDEN = {"tool": "hidden-tool", "rule": "hidden-rule"}
LISTS = (
    "getAlerts(limit: 1)",
    "getRepositoryOverviews(limit: 1)",
    'repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "2026-11", limit: 1)',
)
SCHEMA = build_schema(sdl())
TOKENS: list[str] = []
"""Cursors of a key that can read everything. The fixture fills this list."""


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    """Yield a deployment with two organisations, and a key that can read one of them."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        for number in range(1, 4):
            deployment.record(alert(number), alert(number, repository=f"{MINE}/dog"))
            deployment.record(alert(number, repository="hidden-owner/hidden-vault", **HIDDEN))
        deployment.roll_up()
        TOKENS[:] = [*_tokens(deployment), "AgAAAA"]
        patch.setattr(KeyCheck, "__call__", lambda *_: Access("octo only", frozenset({MINE})))
        service = query_handler._service()
        with checked(service.context_of(Access("tests")).reader.client):
            yield deployment


def _tokens(deployment: Deployment) -> Iterator[str]:
    for call in LISTS:
        ((page),) = deployment.ask(f"{{ {call} {{ nextToken }} }}").data.values()
        yield page["nextToken"]


def assert_harmless(response: Response) -> None:
    """Check for internal errors, hidden rows, missing headers, and the format of errors."""
    response.assert_no_internal_error()
    response.assert_security_headers()
    if not response.text:
        return
    body = response.json
    for error in body.get("errors", []):
        assert error["message"]
        assert error["extensions"]["code"]
        assert error["extensions"]["reason"]
    assert len(json.dumps(body.get("errors", []))) < LONGEST_ERRORS
    # Errors and warnings can repeat the request, but no request contains the hidden names.
    assert "hidden-" not in response.text, response.text[:1_000]


def assert_one_log_line(output: str, records: list[Any]) -> None:
    """Check that the log has one short line for the request, and no internal error."""
    (line,) = output.splitlines()
    assert len(line) < LONGEST_LOG_LINE
    assert json.loads(line)["message"] == "answered"
    assert [record for record in records if record.levelname != "INFO"] == []


@settings(
    max_examples=COUNT,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, *HealthCheck],
)
@given(data=st.data())
def test_random_hostile_queries_are_harmless(
    octo: Deployment,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    data: st.DataObject,
) -> None:
    request: Request = data.draw(requests(SCHEMA, tuple(TOKENS)))
    capsys.readouterr()
    caplog.clear()
    started = time.process_time()
    response = octo.send(
        request.method,
        headers=request.headers,
        query_string=request.query_string,
        body=request.body,
    )
    assert time.process_time() - started < CPU_SECONDS
    assert_one_log_line(capsys.readouterr().out, caplog.records)
    assert_harmless(response)
