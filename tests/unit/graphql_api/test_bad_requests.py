"""Requests that no client of the project sends, and cursors that are changed or forged."""

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.access.key_store import KeyCheck
from tests.support.examples import examples
from tests.support.graphql_api.deployment import Deployment, Response, alert, deployed
from tests.support.graphql_api.dynamodb_rules import checked
from tests.support.graphql_api.wrong_requests import (
    ACCEPTS,
    BODIES,
    CONTENT_TYPES,
    GRAPHQL,
    JSON,
    ONE,
    body,
)

HIDDEN = "secret/vault"
LISTS = (
    "getAlerts(%s)",
    "getRepositoryOverviews(%s)",
    "getOrganisationOverviews(%s)",
    'repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "2026-11", %s)',
    'repositoryOverviewbyRepositoryName(repositoryName: "octo/cat", %s)',
    'organisation(name: "octo") { alerts(%s)',
    'organisation(name: "octo") { alerts(sortDirection: asc, %s)',
    'organisation(name: "octo") { alerts(state: OPEN, %s)',
    'organisation(name: "octo") { alerts(from: "2026-10-01", %s)',
    'organisation(name: "octo") { alerts(rule: "js/xss", %s)',
    'repository(name: "octo/cat") { alerts(%s)',
    'repository(name: "octo/cat") { alerts(state: OPEN, %s)',
    'organisation(name: "secret") { alerts(%s)',
    'repository(name: "secret/vault") { alerts(%s)',
)


@pytest.fixture(scope="module")
def everything() -> Iterator[Deployment]:
    """Yield a deployment with two organisations, and a key that can read both."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        for number in range(1, 5):
            for repository in ("octo/cat", "octo/dog", HIDDEN):
                created_at = datetime(2026, 10 + number % 2, number, tzinfo=UTC)
                created = alert(number, repository=repository, created_at=created_at)
                deployment.record(
                    replace(created, tool="hidden-tool") if repository == HIDDEN else created
                )
        deployment.roll_up()
        service = query_handler._service()
        with checked(service.context_of(Access("tests")).reader.client):
            yield deployment


def assert_harmless(response: Response) -> None:
    """Check for no internal error, no internal text, and no row of the other organisation."""
    response.assert_no_internal_error()
    assert "hidden-" not in response.text, response.text[:1_000]


def page(deployment: Deployment, call: str, token: object, fields: str = "") -> Response:
    """Return a page of a list with one row."""
    query = f"query ($t: String) {{ {call % 'limit: 1, nextToken: $t'} {{ {fields} nextToken }}"
    return deployment.ask(query + " }" * (query.count("{") - query.count("}")), t=token)


@pytest.fixture(scope="module")
def cursors(everything: Deployment) -> dict[str, str]:
    """Return a cursor of each list, read with a key to all organisations."""
    found = {}
    for call in LISTS:
        response = page(everything, call, None).text
        token = response.partition('"nextToken":"')[2].partition('"')[0]
        found[call] = token
        assert token, response
    return found


def test_cursor_of_another_list_is_rejected(
    everything: Deployment, cursors: dict[str, str]
) -> None:
    for call in LISTS:
        for other, token in cursors.items():
            response = page(everything, call, token)
            if other == call:
                assert "errors" not in response.json
            else:
                assert response.reasons == ["bad_cursor"], (call, other)


def test_cut_or_changed_cursor_is_rejected(everything: Deployment, cursors: dict[str, str]) -> None:
    call, other = LISTS[5], LISTS[7]
    token = cursors[call]
    changed = [token[:index] for index in range(1, len(token))]
    changed += [
        token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :]
        for index in range(len(token))
    ]
    changed += [token + more for more in ("=", "A", "\0", " ", "\n", "é", token)]
    changed += [f" {token}", token.upper(), token[::-1], cursors[other][:24] + token[24:]]
    forged = json.dumps(["2026-11-01T09:00:00.000Z", "secret/vault", "1"]).encode()
    changed += [
        base64.urlsafe_b64encode(head + tag + forged).rstrip(b"=").decode()
        for head in (b"\x00", b"\x01", b"\x02")
        for tag in (bytes(16), base64.urlsafe_b64decode(token + "==")[1:17])
    ]
    for one in changed:
        assert page(everything, call, one).reasons == ["bad_cursor"], one


def test_cursor_does_not_extend_access(
    everything: Deployment, cursors: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def octo_only(_self: KeyCheck, _key: str) -> Access:
        return Access("octo only", frozenset({"octo"}))

    rows = "data { organisationName }"
    assert '"secret"' in page(everything, LISTS[-1], cursors[LISTS[-1]], rows).text
    monkeypatch.setattr(KeyCheck, "__call__", octo_only)
    for call, token in cursors.items():
        response = page(everything, call, token, rows)
        assert "errors" not in response.json or response.reasons == ["bad_cursor"]
        assert "secret" not in response.text


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
@pytest.mark.parametrize("what", BODIES)
def test_malformed_bodies_are_rejected_quickly(
    everything: Deployment, what: str, accept: str
) -> None:
    headers = {"content-type": JSON, "accept": accept}
    started = time.process_time()
    assert_harmless(everything.send("POST", headers=headers, body=BODIES[what]))
    assert time.process_time() - started < 2


@pytest.mark.parametrize("what", BODIES)
def test_random_bodies_never_cause_internal_errors(everything: Deployment, what: str) -> None:
    for content_type in CONTENT_TYPES:
        headers = {"content-type": content_type}
        assert_harmless(everything.send("POST", headers=headers, body=BODIES[what][:5_000]))


@pytest.mark.parametrize("accept", ACCEPTS, ids=lambda text: text[:20])
def test_accept_headers_never_cause_internal_errors(everything: Deployment, accept: str) -> None:
    headers = {"content-type": JSON, "accept": accept}
    assert_harmless(everything.send("POST", headers=headers, body=body(ONE)))
    assert_harmless(everything.send("GET", headers=headers, query_string=f"query={quote(ONE)}"))


HEADERS = ("accept", "content-type", "content-encoding", "origin", "if-none-match", "host")
QUERY_STRINGS = st.tuples(
    st.sampled_from(["query", "variables", "operationName"]), st.binary(max_size=40)
).map(lambda given: f"query={quote(ONE)}&{given[0]}={quote(given[1])}")


@settings(
    max_examples=examples(300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    asked=st.fixed_dictionaries(
        {
            "method": st.sampled_from(["GET", "POST", "PUT", "OPTIONS", "HEAD", "get", ""]),
            "path": st.sampled_from(["/graphql", "/graphql//", "/a/../graphql", "", "/%00/graphql"])
            | st.text(max_size=30),
            "query_string": st.text(max_size=60) | QUERY_STRINGS,
            "headers": st.dictionaries(
                st.sampled_from(HEADERS), st.text(st.characters(max_codepoint=255), max_size=30)
            ),
            "body": st.sampled_from([b"", body(ONE), b"\xff", b"null"]),
        }
    )
)
def test_requests_never_cause_internal_errors(
    everything: Deployment, asked: dict[str, Any]
) -> None:
    assert_harmless(everything.send(**asked))
