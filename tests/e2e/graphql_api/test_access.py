"""Keys of the deployed stack, handed out and taken back by the command; answers that are kept."""

import os
import subprocess
import sys
import time
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from graphql_api.access.key_store import KEPT_SECONDS
from infra.local import client
from infra.local.client import Answer
from infra.local.deployment import REGION, Deployment

pytestmark = pytest.mark.e2e

QUERY = "{ getAlerts(limit: 1) { nextToken } }"


def command(
    deployment: Deployment, *arguments: str, stack: str = "Gcsmttr"
) -> "subprocess.CompletedProcess[str]":
    """Run the command as its user does."""
    return subprocess.run(
        [sys.executable, "-m", "operations.access_keys", *arguments, "--stack", stack],
        env={
            **os.environ,
            "AWS_ENDPOINT_URL": deployment.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def access_keys(deployment: Deployment, *arguments: str) -> str:
    """Return what the command prints where it succeeds."""
    done = command(deployment, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def state(deployment: Deployment, name: str) -> list[str]:
    """What the list says of the keys of a name: when each was revoked, or that it is valid."""
    lines = [line.split("\t") for line in access_keys(deployment, "list").splitlines()]
    return [line[2] for line in lines if line[0] == name]


def test_a_rotation_loses_nothing_and_a_revoked_key_is_soon_refused(deployment: Deployment) -> None:
    name, url = f"ci-{uuid4().hex[:8]}", deployment.url("GraphqlUrl")

    def status(key: str) -> int:
        return client.ask(url, key=key, query=QUERY).status

    old = access_keys(deployment, "create", name).strip()
    new = access_keys(deployment, "create", f"{name}-new").strip()
    assert status(old) == status(new) == 200
    access_keys(deployment, "revoke", name)
    revoked = time.monotonic()
    assert state(deployment, f"{name}-new") == ["valid"]
    (since,) = state(deployment, name)
    assert since.endswith("Z")
    client.wait_until(
        lambda: status(old) == 401, seconds=KEPT_SECONDS + 10, what="the old key to be refused"
    )
    time.sleep(max(0.0, revoked + KEPT_SECONDS + 1 - time.monotonic()))
    # From now on no process that answered it before may let it in.
    assert {status(old) for _ in range(20)} == {401}
    assert status(new) == 200
    refused = client.ask(url, key=old, query=QUERY)
    assert set(refused.json()) == {"errors"}
    media_type = "application/graphql-response+json; charset=utf-8"
    assert refused.headers["content-type"] == media_type


def test_an_answer_that_a_client_has_is_not_sent_again(deployment: Deployment) -> None:
    address = f"{deployment.url('GraphqlUrl')}?{urlencode({'query': QUERY})}"

    def get(**more: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return client.request(address, headers={"x-api-key": deployment.api_key, **named})

    first = get()
    assert first.status == 200
    assert first.headers["cache-control"] == "private, max-age=15"
    again = get(if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_no_page_of_another_origin_may_read_anything_by_default(deployment: Deployment) -> None:
    url = deployment.url("GraphqlUrl")
    asked = {"origin": "https://a.example", "access-control-request-method": "POST"}
    for method in ("OPTIONS", "GET"):
        answer = client.request(url, method=method, headers=asked)
        # The emulator's gateway answers a preflight by itself, with 403.
        assert answer.status in {401, 403, 405}
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_stack_that_is_not_there_is_named(deployment: Deployment) -> None:
    done = command(deployment, "list", stack="Gcsmtrt")
    assert (done.returncode, done.stdout) == (3, "")
    assert "no GCSMTTR stack with the name Gcsmtrt" in done.stderr


def test_cursors_are_sealed_with_the_secret_that_the_stack_generated(
    deployment: Deployment,
) -> None:
    functions = deployment.client("lambda").list_functions()["Functions"]
    (found,) = (
        one["Environment"]["Variables"]["CURSOR_SECRET"]
        for one in functions
        if one["Handler"] == "graphql_api.query_handler.handler"
    )
    secrets = deployment.client("secretsmanager")
    (name,) = (
        one["Name"] for one in secrets.list_secrets()["SecretList"] if "CursorSecret" in one["Name"]
    )
    assert found == secrets.get_secret_value(SecretId=name)["SecretString"]
    assert len(found) == 64
