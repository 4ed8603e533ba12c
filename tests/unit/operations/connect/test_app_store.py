"""The secret with the connected Apps: changes at the same time, and refused requests."""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from ingest.webhooks.connected_apps import NO_APPS, ConnectedApp
from operations.connect.app_store import AppStore
from operations.errors import AwsError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

ID = "GitHubApps"


def app_with(app_id: int, secret: str = "s") -> ConnectedApp:
    return ConnectedApp(
        api_url="https://api.github.com",
        app_id=app_id,
        slug=f"app-{app_id}",
        owner="acme",
        private_key="a key",
        webhook_secret=secret,
    )


@pytest.fixture
def client() -> Iterator["SecretsManagerClient"]:
    with mock_aws():
        made = boto3.client("secretsmanager", region_name="eu-west-1")
        made.create_secret(Name=ID, SecretString=NO_APPS)
        yield made


def store_of(client: "SecretsManagerClient") -> AppStore:
    return AppStore(client, secret_id=ID, pause=lambda _: None)


def version_of(client: "SecretsManagerClient", stage: str) -> dict[str, Any]:
    return dict(client.get_secret_value(SecretId=ID, VersionStage=stage))


def test_apps_are_added_replaced_and_removed(client: "SecretsManagerClient") -> None:
    store = store_of(client)
    assert store.read() == ()
    store.add(app_with(1))
    store.add(app_with(2))
    store.add(app_with(1, secret="new"))
    assert store.read() == (app_with(2), app_with(1, secret="new"))
    store.remove(app_with(2))
    assert store.read() == (app_with(1, secret="new"),)


def test_previous_apps_stay_readable_until_the_secret_is_renewed(
    client: "SecretsManagerClient",
) -> None:
    store = store_of(client)
    store.add(app_with(1))
    store.remove(app_with(1))
    assert "app-1" in version_of(client, "AWSPREVIOUS")["SecretString"]
    store.renew()
    assert version_of(client, "AWSPREVIOUS")["SecretString"] == NO_APPS
    assert store.read() == ()


def test_none_of_many_changes_at_once_is_lost(client: Any) -> None:
    gate, one_request, call = threading.Barrier(4), threading.Lock(), client._make_api_call

    def call_alone(*arguments: Any) -> Any:
        with one_request:  # moto's requests are not atomic.
            return call(*arguments)

    client._make_api_call = call_alone

    def add(numbers: range) -> None:
        gate.wait()
        for number in numbers:
            store_of(client).add(app_with(number))

    parts = [range(start, start + 3) for start in (1, 11, 21, 31)]
    threads = [threading.Thread(target=add, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {app.app_id for app in store_of(client).read()} == {n for part in parts for n in part}


def test_change_between_the_read_and_the_write_is_kept(client: "SecretsManagerClient") -> None:
    others = iter((app_with(7), app_with(8)))
    original = client.put_secret_value

    def put(**arguments: Any) -> Any:
        client.put_secret_value = original  # type: ignore[method-assign]
        for other in others:
            store_of(client).add(other)
        return original(**arguments)

    client.put_secret_value = put  # type: ignore[method-assign]
    store_of(client).add(app_with(1))
    assert {app.app_id for app in store_of(client).read()} == {1, 7, 8}


def test_check_changes_nothing(client: "SecretsManagerClient") -> None:
    store = store_of(client)
    store.add(app_with(1))
    before = version_of(client, "AWSCURRENT")
    store.check_writable()
    after = version_of(client, "AWSCURRENT")
    assert after["VersionId"] == before["VersionId"]
    assert after["SecretString"] == before["SecretString"]
    store.check_writable()
    store.add(app_with(2))
    assert len(store.read()) == 2


@pytest.mark.parametrize("denied", ["put_secret_value", "update_secret_version_stage"])
def test_check_fails_if_a_request_is_denied(denied: str) -> None:
    client = boto3.client(
        "secretsmanager", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    with Stubber(client) as stubber:
        stubber.add_response(
            "get_secret_value",
            {"ARN": "a" * 30, "VersionId": "v" * 32, "SecretString": NO_APPS},
        )
        if denied != "put_secret_value":
            stubber.add_response("put_secret_value", {"ARN": "a" * 30, "VersionId": "w" * 32})
        stubber.add_client_error(denied, "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDenied"):
            store_of(client).check_writable()


def test_refusal_that_is_not_another_change_is_raised(client: "SecretsManagerClient") -> None:
    def refuse(**_: Any) -> Any:
        error = {"Error": {"Code": "InvalidParameterException", "Message": "no"}}
        raise ClientError(error, "UpdateSecretVersionStage")  # type: ignore[arg-type]

    client.update_secret_version_stage = refuse  # type: ignore[method-assign]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        store_of(client).add(app_with(1))


def test_secret_that_is_not_a_list_is_not_shown(client: "SecretsManagerClient") -> None:
    client.put_secret_value(SecretId=ID, SecretString="a secret")
    with pytest.raises(AwsError, match="not a list of Apps") as caught:
        store_of(client).add(app_with(1))
    assert "a secret" not in str(caught.value)
    assert version_of(client, "AWSCURRENT")["SecretString"] == "a secret"
