"""Tokens of GitHub Actions: what they can read, and every way in which one is refused."""

import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from graphql_api import query_handler
from graphql_api.access.github_actions.token_check import LEEWAY_S, LONGEST_LIFETIME_S
from tests.support.graphql_api.deployment import Deployment, alert, deployed
from tests.support.graphql_api.token_issuer import (
    AUDIENCE,
    OWNER_ID,
    Issuer,
    issuing,
    private_key,
    public_pem,
    web_key,
)
from tests.support.graphql_api.token_requests import ask, assert_refused, settings


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as served:
        yield served


@pytest.fixture(scope="module")
def trusting(issuer: Issuer) -> Iterator[Deployment]:
    """Yield a deployment that trusts the issuer, with an alert of each of three organisations."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch, **settings(issuer)) as deployment:
        for owner in ("octo-org", "octo-labs", "acme"):
            deployment.record(alert(1, repository=f"{owner}/web"))
        deployment.roll_up()
        yield deployment


def test_token_reads_the_organisations_of_its_owner(trusting: Deployment, issuer: Issuer) -> None:
    expires_at = int(time.time()) + 60
    token = issuer.token(exp=expires_at, repository="Octo-Org/Web")
    shown = ask(trusting, token).data["access"]
    assert shown == {
        "name": "github-actions:Octo-Org/Web",
        "organisations": ["octo-labs", "octo-org"],
        "expiresAt": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(expires_at)),
    }
    listed = ask(trusting, token, "{ organisations { name } getAlerts { data { id } } }").data
    assert {one["name"] for one in listed["organisations"]} == {"octo-labs", "octo-org"}
    assert {one["id"] for one in listed["getAlerts"]["data"]} == {
        "octo-labs/web/1",
        "octo-org/web/1",
    }
    foreign = '{ organisation(name: "acme") { backlog { open } } }'
    unknown = foreign.replace("acme", "nobody")
    assert ask(trusting, token, foreign).data == ask(trusting, token, unknown).data


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer "])
def test_scheme_has_any_case(trusting: Deployment, issuer: Issuer, scheme: str) -> None:
    token = issuer.token()
    assert ask(trusting, "", authorization=f"{scheme} {token}").status == 200


def test_form_of_subject_does_not_matter(trusting: Deployment, issuer: Issuer) -> None:
    for sub in ("repo:octo-org@9919/web@77:ref:refs/heads/main", "anything", None):
        assert ask(trusting, issuer.token(sub=sub)).status == 200


def test_api_key_is_checked_first(trusting: Deployment, issuer: Issuer) -> None:
    token = issuer.token()
    assert ask(trusting, token, **{"x-api-key": trusting.key}).data["access"]["name"] == "tests"
    refused = ask(trusting, token, **{"x-api-key": "wrong"})
    assert refused.json["message"] == "Send a valid API key in the header x-api-key."
    assert refused.status == 401


NOW = int(time.time())
WRONG_CLAIMS: list[dict[str, Any]] = [
    *({name: None} for name in ("iss", "aud", "exp", "iat", "repository_owner_id", "repository")),
    {"iss": "https://token.actions.githubusercontent.com"},
    {"iss": "https://evil.example"},
    {"iss": ["x"]},
    {"aud": "https://github.com/octo-org"},
    {"aud": [AUDIENCE]},
    {"aud": [AUDIENCE, "https://other.example"]},
    {"aud": AUDIENCE + "/"},
    {"aud": ""},
    {"exp": NOW - LEEWAY_S - 1},
    {"exp": "soon"},
    {"exp": 10**30},
    {"exp": NOW + LONGEST_LIFETIME_S + 600},
    {"nbf": NOW + 600},
    {"nbf": "soon"},
    {"iat": NOW + 600},
    {"iat": "soon"},
    {"repository_owner_id": "6"},
    {"repository_owner_id": int(OWNER_ID)},
    {"repository_owner_id": f"0{OWNER_ID}"},
    {"repository_owner_id": [OWNER_ID]},
    {"repository_owner_id": ""},
    {"repository": "octo-org"},
    {"repository": "octo-org/web/x"},
    {"repository": "octo-org/web\n"},
    {"repository": 5},
]


@pytest.mark.parametrize("changed", WRONG_CLAIMS, ids="-".join)
def test_token_with_a_wrong_claim_is_refused(
    trusting: Deployment, issuer: Issuer, changed: dict[str, Any]
) -> None:
    token = signed(issuer.claims(**changed), {})
    assert_refused(ask(trusting, token), token)


def signed(claims: object, headers: dict[str, Any], *, key: str = "first") -> str:
    """Return a token of any claims and headers, signed with a private key. PyJWT refuses some."""
    header = {"alg": "RS256", "typ": "JWT", "kid": "first", **headers}
    message = f"{_segment(header)}.{_segment(claims)}"
    algorithm = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
    signature = algorithm.sign(message.encode(), private_key(key))
    return f"{message}.{jwt.utils.base64url_encode(signature).decode()}"


def test_clocks_can_differ_a_little(trusting: Deployment, issuer: Issuer) -> None:
    now = int(time.time())
    assert ask(trusting, issuer.token(exp=now - LEEWAY_S + 5)).status == 200
    assert ask(trusting, issuer.token(iat=now + LEEWAY_S, nbf=now + LEEWAY_S)).status == 200


def test_token_without_nbf_is_accepted(trusting: Deployment, issuer: Issuer) -> None:
    assert ask(trusting, issuer.token(nbf=None)).status == 200


def forged(issuer: Issuer) -> dict[str, str]:
    """Return tokens with valid claims that the issuer did not sign with RS256, by their fault."""
    claims, kid = issuer.claims(), {"kid": "first"}
    genuine = issuer.token()
    header, payload, signature = genuine.split(".")
    other = issuer.token(repository_owner_id="5").split(".")[1]
    unsigned = jwt.encode(claims, "", "none", kid)
    return {
        "alg none": unsigned,
        "alg none, with a signature": unsigned + signature,
        "alg NONE": f"{_segment({'alg': 'NONE', **kid})}.{payload}.",
        "HS256 with the public key": symmetric(claims, public_pem("first")),
        "HS256 with the key set": symmetric(claims, json.dumps(web_key("first")).encode()),
        "RS512": jwt.encode(claims, private_key("first"), "RS512", kid),
        "PS256": jwt.encode(claims, private_key("first"), "PS256", kid),
        "alg is a list": signed(claims, {"alg": ["RS256"]}),
        "another key under a known id": signed(claims, {}, key="evil"),
        "unknown key id": signed(claims, {"kid": "evil"}, key="evil"),
        "no key id": signed(claims, {"kid": None}),
        "key id is an object": signed(claims, {"kid": {"a": 1}}),
        "embedded key": signed(claims, {"jwk": web_key("evil"), "kid": "evil"}, key="evil"),
        "address of a key set": signed(claims, {"jku": "https://evil.example"}, key="evil"),
        "unknown critical header": signed(claims, {"crit": ["x"], "x": 1}),
        "unencoded payload": signed(claims, {"crit": ["b64"], "b64": False}),
        "claims of another token": f"{header}.{other}.{signature}",
        "signature cut": genuine[:-4],
        "no signature": f"{header}.{payload}.",
        "claims are a list": signed([1], {}),
        "claims are a text": signed("x", {}),
        "header is a list": f"{_segment([1])}.{payload}.{signature}",
        "header of brackets": jwt.utils.base64url_encode(b"[" * 4_000).decode() + ".e30.e30",
        "empty": "",
        "an API key": "gcsmttr_" + "A" * 43,
        "dots": "...",
        "not ASCII": "é.é.é",
        "long": genuine + "A" * 9_000,
        "two tokens": f"{genuine} {genuine}",
    }


def symmetric(claims: object, secret: bytes) -> str:
    """Return a token that is signed with HS256 and a key that everyone knows."""
    message = f"{_segment({'alg': 'HS256', 'typ': 'JWT', 'kid': 'first'})}.{_segment(claims)}"
    signature = hmac.digest(secret, message.encode(), "sha256")
    return f"{message}.{jwt.utils.base64url_encode(signature).decode()}"


def _segment(value: object) -> str:
    return jwt.utils.base64url_encode(json.dumps(value).encode()).decode()


def test_forged_tokens_are_refused(trusting: Deployment, issuer: Issuer) -> None:
    assert ask(trusting, issuer.token()).status == 200
    for fault, token in forged(issuer).items():
        response = ask(trusting, token)
        assert response.status == 401, fault
        assert_refused(response, token)


@pytest.mark.parametrize("scheme", ["Basic", "Token", ""])
def test_other_schemes_are_no_token(trusting: Deployment, issuer: Issuer, scheme: str) -> None:
    refused = ask(trusting, "", authorization=f"{scheme} {issuer.token()}".strip())
    assert (refused.status, refused.json["reason"]) == (401, "unauthorized")


def test_log_names_the_repository_and_the_fault_but_no_token(
    trusting: Deployment, issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens = [issuer.token(), issuer.token(repository_owner_id="6"), issuer.token(aud="x")]
    query_handler._log.cache_clear()
    capsys.readouterr()
    for token in tokens:
        ask(trusting, token)
    text = capsys.readouterr().out
    lines = list(map(json.loads, text.splitlines()))
    assert lines[0]["key"] == "github-actions:octo-org/web"
    assert [line.get("refused") for line in lines] == [
        None,
        "repository_owner_id",
        "InvalidAudienceError",
    ]
    for token in tokens:
        assert not [part for part in token.split(".") if part in text]
