"""The settings of a deployment: allowed origins and introspection."""

import pytest
from graphql import get_introspection_query

from tests.support.graphql_api.deployment import Deployment, Response, deployed


def ask(deployment: Deployment, origin: str = "") -> Response:
    """Send a request like a page of another origin."""
    headers = {"content-type": "application/json"} | ({"origin": origin} if origin else {})
    return deployment.send("POST", headers=headers, body=b'{"query":"{ __typename }"}')


def test_only_configured_origins_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    origins = "https://a.example, https://b.example"
    with deployed(monkeypatch, CORS_ORIGINS=origins) as deployment:
        allowed = {"origin": "https://b.example", "x-api-key": ""}
        preflight = deployment.send("OPTIONS", headers=allowed)
        preflight.assert_security_headers()
        assert preflight.status == 204
        assert preflight.headers["access-control-allow-origin"] == "https://b.example"
        assert "x-api-key" in preflight.headers["access-control-allow-headers"]
        response = ask(deployment, "https://a.example")
        assert response.headers["access-control-allow-origin"] == "https://a.example"
        assert (
            response.headers["vary"] == "Accept, Accept-Encoding, X-Api-Key, Authorization, Origin"
        )
        for other in (
            deployment.send("OPTIONS", headers={"origin": "https://c.example"}),
            ask(deployment, "https://c.example"),
            ask(deployment),
        ):
            assert "access-control-allow-origin" not in other.headers
            assert "Origin" in other.headers["vary"]
            other.assert_security_headers()


def test_allowed_origin_can_read_error_response(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with deployed(monkeypatch, CORS_ORIGINS="https://a.example") as deployment:
        headers = {"origin": "https://a.example", "x-api-key": "wrong"}
        rejected = deployment.send("GET", headers=headers)
        assert rejected.status == 401
        assert rejected.headers["access-control-allow-origin"] == "https://a.example"
        first = deployment.get("{ __typename }", origin="https://a.example")
        assert first.headers["access-control-expose-headers"] == "etag, retry-after"
        again = deployment.get(
            "{ __typename }", origin="https://a.example", if_none_match=first.headers["etag"]
        )
        assert again.status == 304
        assert again.headers["access-control-allow-origin"] == "https://a.example"


def test_star_allows_all_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    with deployed(monkeypatch, CORS_ORIGINS="*") as deployment:
        response = ask(deployment, "https://any.example")
        assert response.headers["access-control-allow-origin"] == "https://any.example"


def test_introspection_can_be_disabled(monkeypatch: pytest.MonkeyPatch) -> None:
    with deployed(monkeypatch, INTROSPECTION="off") as closed:
        assert set(closed.ask(get_introspection_query()).reasons) == {"invalid_document"}
        assert closed.ask("{ __typename }").data == {"__typename": "Query"}


def test_targets_of_the_deployment_are_in_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    query = "{ serviceLevelTargets { severity days } }"

    def targets(deployment: Deployment) -> list[tuple[str, int]]:
        found = deployment.ask(query).data["serviceLevelTargets"]
        return [(one["severity"], one["days"]) for one in found]

    with deployed(monkeypatch) as default:
        assert targets(default) == [("CRITICAL", 7), ("HIGH", 30), ("MEDIUM", 90), ("LOW", 180)]
    with deployed(monkeypatch, SERVICE_LEVELS="ERROR=45,CRITICAL=1") as own:
        assert targets(own) == [("CRITICAL", 1), ("ERROR", 45)]
