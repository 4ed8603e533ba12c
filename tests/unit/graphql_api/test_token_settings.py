"""Which tokens a deployment accepts by its settings, and what it does if the issuer fails."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from graphql_api import query_handler
from graphql_api.access.github_actions.signing_keys import COOL_DOWN_S
from tests.support.graphql_api.deployment import Deployment, deployed
from tests.support.graphql_api.token_issuer import (
    DISCOVERY,
    KEYS,
    WORKFLOW,
    Issuer,
    issuing,
    private_key,
)
from tests.support.graphql_api.token_requests import ask, assert_refused, settings
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as served:
        yield served


def test_short_key_of_the_issuer_is_refused(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployed(monkeypatch, **settings(issuer)) as deployment:
        monkeypatch.setattr(issuer, "keys", ["weak"])
        with pytest.warns(jwt.InsecureKeyLengthWarning):
            token = issuer.token(key="weak")
        assert_refused(ask(deployment, token), token)


@pytest.mark.parametrize(
    ("setting", "value", "changed", "status"),
    [
        ("OIDC_REPOSITORIES", "octo-org/web,octo-org/api", {}, 200),
        ("OIDC_REPOSITORIES", "Octo-Org/WEB", {}, 200),
        ("OIDC_REPOSITORIES", "octo-org/web", {"repository": "Octo-Org/Web"}, 200),
        ("OIDC_REPOSITORIES", "octo-org/api", {}, 401),
        ("OIDC_REPOSITORIES", "octo-org/web", {"repository": "octo-org/web2"}, 401),
        ("OIDC_WORKFLOWS", WORKFLOW, {}, 200),
        ("OIDC_WORKFLOWS", WORKFLOW, {"job_workflow_ref": None}, 401),
        ("OIDC_WORKFLOWS", WORKFLOW, {"job_workflow_ref": [WORKFLOW]}, 401),
        ("OIDC_WORKFLOWS", WORKFLOW, {"job_workflow_ref": WORKFLOW + "2"}, 401),
        (
            "OIDC_WORKFLOWS",
            WORKFLOW,
            {"job_workflow_ref": WORKFLOW.replace("heads/main", "pull/1/merge")},
            401,
        ),
        ("OIDC_OWNERS", "5=octo-org", {}, 401),
    ],
)
def test_repositories_and_workflows_can_be_limited(
    issuer: Issuer,
    monkeypatch: pytest.MonkeyPatch,
    *,
    setting: str,
    value: str,
    changed: dict[str, Any],
    status: int,
) -> None:
    with deployed(monkeypatch, **settings(issuer, **{setting: value})) as deployment:
        assert ask(deployment, issuer.token(**changed)).status == status


def test_tokens_are_refused_by_default(
    deployment: Deployment, issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list(issuer.fetched)
    token = issuer.token()
    assert_refused(ask(deployment, token), token)
    assert issuer.fetched == before
    assert json.loads(capsys.readouterr().out)["refused"] == "oidcOwners is not set"


def test_unreachable_issuer_is_a_stable_error(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(issuer.replies, KEYS, (500, b""))
    with deployed(monkeypatch, **settings(issuer)) as deployment:
        token = issuer.token()
        response = ask(deployment, token)
        assert (response.status, response.json["reason"]) == (503, "access_unavailable")
        assert 1 <= int(response.headers["retry-after"]) <= 5
        assert issuer.url not in response.text
        line = json.loads(capsys.readouterr().out)
        assert "HTTP Error 500" in line["cause"]
        assert ask(deployment, "", **{"x-api-key": deployment.key}).status == 200


def test_keys_rotate_while_tokens_with_unknown_keys_arrive(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployed(monkeypatch, **settings(issuer)) as deployment:
        now = [0.0]
        monkeypatch.setattr(query_handler._service().authenticate, "_clock", lambda: now[0])
        old, new = issuer.token(), issuer.token(key="second")
        before = len(issuer.fetched)
        assert ask(deployment, old).status == 200
        monkeypatch.setattr(issuer, "keys", ["second"])
        for number in range(200):
            unknown = jwt.encode({}, private_key("first"), "RS256", {"kid": f"{number}"})
            assert_refused(ask(deployment, unknown))
            assert ask(deployment, old).status == 200
        assert issuer.fetched[before:] == [DISCOVERY, KEYS]
        assert_refused(ask(deployment, new))
        now[0] += COOL_DOWN_S
        assert ask(deployment, new).status == 200
        assert_refused(ask(deployment, old))
        assert issuer.fetched[before:] == [DISCOVERY, KEYS] * 2


def test_tokens_of_a_repository_share_a_limit(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"KEY_REQUESTS_PER_SECOND": "1", "KEY_REQUEST_BURST": "2"}
    with deployed(monkeypatch, **settings(issuer, **limits)) as deployment:
        rate = query_handler._service().authenticate._rate  # type: ignore[attr-defined]
        monkeypatch.setattr(rate, "_clock", lambda: 0.0)
        tokens = [issuer.token(jti=f"{number}") for number in range(3)]
        assert [ask(deployment, token).status for token in tokens] == [200, 200, 429]
        assert ask(deployment, issuer.token(repository="octo-org/api")).status == 200


def test_start_without_a_token_imports_no_cryptography(issuer: Issuer) -> None:
    script = """
import sys

from graphql_api import query_handler
from graphql_api.vocabulary.errors import UnauthorizedError

authenticate = query_handler._service().authenticate
for headers in ({"x-api-key": "wrong"}, {"authorization": "Bearer a.b.c"}):
    try:
        authenticate(headers)
    except UnauthorizedError:
        print(sorted({"jwt", "cryptography"} & set(sys.modules)))
"""
    environment = {
        "PATH": "/usr/bin",
        "PYTHONPATH": str(ROOT),
        "ALL_EVENTS_TABLE": "x",
        "REPOSITORY_OVERVIEW_TABLE": "x",
        "ORGANISATION_OVERVIEW_TABLE": "x",
        "REPOSITORIES_TABLE": "x",
        "ACCESS_KEYS_TABLE": "x",
        "CURSOR_SECRET": "s" * 64,
        "AWS_DEFAULT_REGION": "eu-west-1",
        **settings(issuer),
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.stderr, done.stdout) == ("", "[]\n['cryptography', 'jwt']\n")
