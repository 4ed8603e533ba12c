"""The DynamoDB client sends, signs, retries and raises like the standard client of botocore."""

import itertools
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ClientError, NoCredentialsError
from botocore.session import Session

from graphql_api.accelerators import NAMES
from graphql_api.accelerators.composition import Parts

PARTS = Parts(frozenset(NAMES))
client = PARTS.dynamodb_client

ALWAYS_DIFFERENT = {"amz-sdk-invocation-id", "User-Agent"}

VARIANTS: tuple[dict[str, str], ...] = (
    {},
    {"AWS_USE_FIPS_ENDPOINT": "true"},
    {"AWS_USE_DUALSTACK_ENDPOINT": "true"},
    {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"},
    {"AWS_SESSION_TOKEN": "token", "AWS_ACCOUNT_ID": "123456789012"},
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


class _Body:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]


def sent_by(dynamodb: Any) -> tuple[str, dict[str, str], bytes]:
    """Return the URL, headers and body of a query, without values that depend on the time."""
    sent: list[AWSPreparedRequest] = []

    def respond(request: AWSPreparedRequest, **_: object) -> Any:
        sent.append(request)
        return AWSResponse(str(request.url), 200, {}, _Body(b"{}"))  # type: ignore[arg-type]

    dynamodb.meta.events.register("before-send.dynamodb", respond)
    dynamodb.query(
        TableName="t",
        KeyConditionExpression="a = :a",
        ExpressionAttributeValues={":a": {"B": b"\x00"}},
        Limit=3,
    )
    (request,) = sent
    headers = {
        name: re.sub(r"\d{8}T\d{6}Z|Signature=\w+", "", _text(value))
        for name, value in request.headers.items()
        if name not in ALWAYS_DIFFERENT
    }
    return str(request.url), headers, bytes(request.body)  # type: ignore[arg-type]


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def regions() -> Iterator[str]:
    """Return a region of each partition with all variants of endpoints, and an unknown region."""
    for partition in Session().get_component("data_loader").load_data("partitions")["partitions"]:
        if "iso" not in partition["id"]:
            yield from itertools.islice((r for r in partition["regions"] if "global" not in r), 2)
    yield "eu-north-9"


@pytest.mark.parametrize("region", list(regions()))
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_requests_equal_those_of_botocore(
    region: str, variant: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (variant | {"AWS_DEFAULT_REGION": region}).items():
        monkeypatch.setenv(name, value)

    assert sent_by(client()) == sent_by(Session().create_client("dynamodb"))


def test_missing_credentials_prevent_request(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    with pytest.raises(NoCredentialsError):
        client().get_item(TableName="t", Key={"a": {"S": "1"}})


@pytest.mark.parametrize("parts", [PARTS, Parts(frozenset())], ids=["accelerated", "stock"])
def test_credentials_of_the_container_endpoint_are_renewed(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Read credentials from the endpoint that Lambda offers with SnapStart."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9001/credentials")
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token")
    requests: list[Any] = []

    def respond(_session: object, request: AWSPreparedRequest) -> Any:
        requests.append((request.url, request.headers["Authorization"]))
        # The first credentials expire at once, like those in an old snapshot.
        until = datetime.now(UTC) + timedelta(seconds=0 if len(requests) == 1 else 3_600)
        found = {"AccessKeyId": f"KEY{len(requests)}", "SecretAccessKey": "s", "Token": "t"}
        body = json.dumps({**found, "Expiration": until.isoformat()}).encode()
        return AWSResponse(str(request.url), 200, {}, _Body(body))  # type: ignore[arg-type]

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", respond)
    dynamodb = parts.dynamodb_client()
    used = [sent_by(dynamodb)[1]["Authorization"].split("/")[0] for _ in range(2)]

    assert used == ["AWS4-HMAC-SHA256 Credential=KEY2"] * 2
    assert requests == [("http://127.0.0.1:9001/credentials", "token")] * 2


def test_client_signs_retries_and_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    sent: list[AWSPreparedRequest] = []
    throttle = b'{"__type":"x#ThrottlingException","message":"slower"}'

    def respond(request: AWSPreparedRequest, **_: object) -> Any:
        sent.append(request)
        status, body = (400, throttle) if len(sent) < 3 else (200, b'{"Item":{"a":{"B":"AAE="}}}')
        return AWSResponse(str(request.url), status, {}, _Body(body))  # type: ignore[arg-type]

    dynamodb = client()
    dynamodb.meta.events.register("before-send.dynamodb", respond)
    found = dynamodb.get_item(TableName="t", Key={"a": {"S": "1"}})

    assert found["Item"] == {"a": {"B": b"\x00\x01"}}
    assert found["ResponseMetadata"]["RetryAttempts"] == 2
    assert len(sent) == 3
    assert "AWS4-HMAC-SHA256" in str(sent[0].headers["Authorization"])


def test_client_raises_errors_of_dynamodb() -> None:
    body = _Body(b'{"__type":"x#ResourceNotFoundException","message":"no table"}')
    dynamodb = client()
    dynamodb.meta.events.register(
        "before-send.dynamodb",
        lambda **_: AWSResponse("", 400, {}, body),  # type: ignore[arg-type]
    )
    with pytest.raises(ClientError, match="no table"):
        dynamodb.get_item(TableName="t", Key={"a": {"S": "1"}})
