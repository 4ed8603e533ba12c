"""Requests with tokens of a test issuer, and the settings of a deployment that trusts it."""

import json

from tests.support.graphql_api.deployment import Deployment, Response
from tests.support.graphql_api.token_issuer import AUDIENCE, OWNER_ID, Issuer

ACCESS = "{ access { name organisations expiresAt } }"
NOT_VALID = "Send a valid token in the header authorization, or an API key in x-api-key."


def settings(issuer: Issuer, **changed: str) -> dict[str, str]:
    """Return the variables of the query function."""
    return {
        "OIDC_ISSUER": issuer.url,
        "OIDC_AUDIENCE": AUDIENCE,
        "OIDC_OWNERS": f"{OWNER_ID}=Octo-Org,{OWNER_ID}=octo-labs,5=acme",
        **changed,
    }


def ask(deployment: Deployment, token: str, query: str = ACCESS, **headers: str) -> Response:
    """Send a query with a token and without a key."""
    given = {"content-type": "application/json", "x-api-key": "", **headers}
    body = json.dumps({"query": query}).encode()
    authorization = {"authorization": f"Bearer {token}"}
    return deployment.send("POST", headers={**authorization, **given}, body=body)


def assert_refused(response: Response, token: str = "") -> None:
    """Check the response, which is the same for each reason, and contains nothing of the token."""
    assert response.status == 401
    assert response.json == {
        "message": NOT_VALID,
        "reason": "unauthorized",
        "errors": [
            {
                "message": NOT_VALID,
                "extensions": {"code": "UNAUTHENTICATED", "reason": "unauthorized"},
            }
        ],
    }
    assert response.headers["www-authenticate"] == 'ApiKey header="x-api-key", Bearer'
    assert not token or token not in response.text
    response.assert_security_headers()
