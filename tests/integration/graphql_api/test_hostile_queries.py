"""Hostile queries by the hundred: nothing fails, nothing of others shows, nothing takes long.

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
from tests.support.graphql_api.deployment import Answer, Deployment, alert, deployed
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
"""Cursors of a bearer who may read everything: filled by the fixture, before the first request."""


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    """Two organisations, and a key that may read one of them."""
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


def assert_harmless(answer: Answer) -> None:
    """Whatever was asked: no fault, no insides, no row of others, and errors as promised."""
    answer.assert_no_fault_of_ours()
    answer.assert_safe()
    if not answer.text:
        return
    body = answer.json
    for error in body.get("errors", []):
        assert error["message"]
        assert error["extensions"]["code"]
        assert error["extensions"]["reason"]
    assert len(json.dumps(body.get("errors", []))) < LONGEST_ERRORS
    # Errors and warnings may repeat what was asked, but here nobody knows the hidden names.
    assert "hidden-" not in answer.text, answer.text[:1_000]


def assert_quiet(output: str, records: list[Any]) -> None:
    """One short line for the request, and no fault."""
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
def test_no_query_does_harm(
    octo: Deployment,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    data: st.DataObject,
) -> None:
    asked: Request = data.draw(requests(SCHEMA, tuple(TOKENS)))
    capsys.readouterr()
    caplog.clear()
    started = time.process_time()
    answer = octo.send(
        asked.method, headers=asked.headers, query_string=asked.query_string, body=asked.body
    )
    assert time.process_time() - started < CPU_SECONDS
    assert_quiet(capsys.readouterr().out, caplog.records)
    assert_harmless(answer)
