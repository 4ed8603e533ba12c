"""API keys of the deployed stack, conditional requests, CORS, and the secret of cursors."""

import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx2
import pytest

from graphql_api.access.key_store import KEPT_SECONDS
from infra.local import client
from infra.local.deployment import Deployment
from tests.support.command_line import document, gcsmttr
from tests.support.graphql_api.token_issuer import Issuer
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e

QUERY = "{ getAlerts(limit: 1) { nextToken } }"


def state(deployment: Deployment, name: str) -> list[str | None]:
    """Return when the keys of a name were revoked; None for a valid key."""
    return [one["revokedAt"] for one in document(deployment, "keys", "list") if one["name"] == name]


def test_new_key_works_at_once_and_revoked_key_stops_working(deployment: Deployment) -> None:
    name, url = f"ci-{uuid4().hex[:8]}", deployment.url("GraphqlUrl")

    def status(key: str) -> int:
        return client.post_query(url, key=key, query=QUERY).status_code

    old = gcsmttr(deployment, "keys", "create", name).stdout.strip()
    new = gcsmttr(deployment, "keys", "create", f"{name}-new").stdout.strip()
    assert status(old) == status(new) == 200
    assert gcsmttr(deployment, "keys", "revoke", name).returncode == 0
    revoked = time.monotonic()
    assert state(deployment, f"{name}-new") == [None]
    (since,) = state(deployment, name)
    assert since is not None
    client.wait_until(
        lambda: status(old) == 401, seconds=KEPT_SECONDS + 10, what="the old key to be rejected"
    )
    time.sleep(max(0.0, revoked + KEPT_SECONDS + 1 - time.monotonic()))
    # From now on, no process accepts the old key, even if it accepted the key before.
    assert {status(old) for _ in range(20)} == {401}
    assert status(new) == 200
    rejected = client.post_query(url, key=old, query=QUERY)
    assert set(rejected.json()) == {"errors"}
    media_type = "application/graphql-response+json; charset=utf-8"
    assert rejected.headers["content-type"] == media_type


def test_key_is_limited_to_its_organisations(deployment: Deployment) -> None:
    mine, other = (f"o{uuid4().hex[:8]}" for _ in range(2))
    for owner in (mine, other):
        response = client.deliver_until_accepted(
            deployment.url("WebhookUrl"),
            secret=deployment.webhook_secret,
            payload=payload("created", f"{owner}/web", 1, datetime(2026, 3, 2, 9, tzinfo=UTC)),
        )
        assert response.status_code == 202
    limits = ("--organisation", mine.upper(), "--expires", "90d")
    created = document(deployment, "keys", "create", "acme-grafana", *limits)

    def data(query: str, key: str = created["key"]) -> dict[str, Any]:
        return client.query_data(deployment.url("GraphqlUrl"), key=key, query=query)

    def names(key: str) -> list[str]:
        return [one["name"] for one in data("{ organisations { name } }", key)["organisations"]]

    client.wait_until(
        lambda: {mine, other} <= set(names(deployment.api_key)),
        seconds=120,
        what="the overviews of both organisations",
    )
    assert names(created["key"]) == [mine]
    assert data("{ access { name organisations expiresAt } }")["access"] == {
        "name": "acme-grafana",
        "organisations": [mine],
        "expiresAt": created["expiresAt"],
    }
    for field in ("getAlerts", "getRepositoryOverviews", "getOrganisationOverviews"):
        rows = data(f"{{ {field} {{ data {{ organisationName }} nextToken }} }}")[field]
        assert rows == {"data": [{"organisationName": mine}], "nextToken": None}
    alert = f'{{ getAlert(id: "{other}/web/1") {{ id }} }}'
    assert data(alert)["getAlert"] is None
    assert data(alert, deployment.api_key)["getAlert"] is not None


def test_token_of_github_actions_reads_the_organisations_of_its_owner(
    deployment: Deployment, issuer: Issuer
) -> None:
    url = deployment.url("GraphqlUrl")
    query = urlencode({"query": "{ access { name organisations } }"})

    def get(**claims: str) -> httpx2.Response:
        token = issuer.token(**claims)
        headers = {"authorization": f"Bearer {token}"}
        return client.request(f"{url}?{query}", headers=headers)

    # The audience is the output of the stack, not the address that is used on the emulator.
    read = get(aud=deployment.outputs["GraphqlUrl"])
    assert read.status_code == 200, read.text
    assert read.json()["data"]["access"] == {
        "name": "github-actions:octo-org/web",
        "organisations": ["octo-labs", "octo-org"],
    }
    assert get(aud=url).status_code == 401
    assert get(aud=deployment.outputs["GraphqlUrl"], repository_owner_id="6").status_code == 401


def test_unchanged_response_is_not_sent_again(deployment: Deployment) -> None:
    address = f"{deployment.url('GraphqlUrl')}?{urlencode({'query': QUERY})}"

    def get(**more: str) -> httpx2.Response:
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        return client.request(address, headers={"x-api-key": deployment.api_key, **headers})

    first = get()
    assert first.status_code == 200
    assert first.headers["cache-control"] == "private, max-age=15"
    again = get(if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_other_origins_are_forbidden_by_default(deployment: Deployment) -> None:
    url = deployment.url("GraphqlUrl")
    headers = {"origin": "https://a.example", "access-control-request-method": "POST"}
    for method in ("OPTIONS", "GET"):
        response = client.request(url, method=method, headers=headers)
        # The emulator's gateway itself rejects a preflight request with 403.
        assert response.status_code in {401, 403, 405}
        assert not [name for name in response.headers if name.startswith("access-control")]


def test_error_names_missing_stack(deployment: Deployment) -> None:
    completed = gcsmttr(deployment, "keys", "list", "--stack", "Gcsmtrt")
    assert (completed.returncode, completed.stdout) == (3, "")
    assert "no GCSMTTR stack with the name Gcsmtrt" in completed.stderr


def test_cursor_secret_is_generated_by_stack(
    deployment: Deployment,
) -> None:
    functions = deployment.client("lambda").list_functions()["Functions"]
    (secret,) = (
        function["Environment"]["Variables"]["CURSOR_SECRET"]
        for function in functions
        if function["Handler"] == "graphql_api.query_handler.handler"
    )
    secrets = deployment.client("secretsmanager")
    (name,) = (
        listed["Name"]
        for listed in secrets.list_secrets()["SecretList"]
        if "CursorSecret" in listed["Name"]
    )
    assert secret == secrets.get_secret_value(SecretId=name)["SecretString"]
    assert len(secret) == 64
