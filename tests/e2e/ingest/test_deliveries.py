"""Deliveries to the deployed stack: which are accepted, and which never reach the event bus."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.client import form
from infra.local.deployment import Deployment
from tests.support.deployed_stack import CREATED, alerts, send, unique, wait
from tests.support.meta_server import MetaServer
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e


def ping(deployment: Deployment) -> int:
    return send(deployment, {"zen": "Keep it logically awesome."}, event="ping").status_code


@contextmanager
def only_from(deployment: Deployment, meta: MetaServer, document: bytes) -> Iterator[None]:
    """Let the refresher fetch another meta document, and at the end the first one again."""
    first, invoke = meta.body, deployment.client("lambda").invoke
    try:
        meta.body = document
        invoke(FunctionName=deployment.outputs["RefresherFunction"], Payload=b"{}")
        yield
    finally:
        meta.body = first
        invoke(FunctionName=deployment.outputs["RefresherFunction"], Payload=b"{}")
        wait(lambda: ping(deployment) == 200, "the address to be allowed")


def test_deliveries_from_other_addresses_or_unsigned_never_reach_the_bus(
    deployment: Deployment, meta: MetaServer
) -> None:
    events, sqs = deployment.client("events"), deployment.client("sqs")
    name = f"spy-{uuid4().hex[:8]}"
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    bus = deployment.outputs["EventBusName"]
    events.put_rule(Name=name, EventBusName=bus, EventPattern='{"source":[{"prefix":""}]}')
    events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "spy", "Arn": arn["QueueArn"]}])
    body = json.dumps(payload("created", unique(), 1, CREATED)).encode()
    signature = client.sign(body, secret=deployment.webhook_secret)

    def refused(**options: Any) -> int:
        return send(deployment, options.pop("body", body), **options).status_code

    # The emulator passes 127.0.0.1 for each source address, so the test changes the ranges.
    with only_from(deployment, meta, b'{"hooks":["192.30.252.0/22"]}'):
        wait(lambda: ping(deployment) == 403, "the address to be refused")
        assert refused() == 403
    assert refused(overrides={"X-Hub-Signature-256": client.sign(body, secret="wrong")}) == 401
    assert refused(overrides={"X-Hub-Signature-256": None}) == 401
    assert refused(body=body + b" ", overrides={"X-Hub-Signature-256": signature}) == 401
    arrived: list[str] = []

    def has_arrived(repository: str) -> bool:
        got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        details = [json.loads(message["Body"])["detail"] for message in got.get("Messages", [])]
        arrived.extend(detail["repositoryName"] for detail in details)
        return repository in arrived

    # An event of a refused delivery would arrive before the first accepted one, or between the two.
    accepted = [unique(), unique()]
    for repository in accepted:
        assert send(deployment, payload("created", repository, 2, CREATED)).status_code == 202
        wait(lambda name=repository: has_arrived(name), "the event that was accepted")
    events.remove_targets(Rule=name, EventBusName=bus, Ids=["spy"])
    events.delete_rule(Name=name, EventBusName=bus)
    assert set(arrived) == set(accepted)


def test_form_encoded_deliveries_and_repositories_of_users_are_accepted(
    deployment: Deployment,
) -> None:
    repository = unique("person")
    body = payload("created", repository, 1, CREATED)
    body.pop("organization", None)
    response = send(deployment, form(body), content_type="application/x-www-form-urlencoded")
    assert response.status_code == 202
    wait(lambda: alerts(deployment, repository), "the alert")
    owner = repository.partition("/")[0]
    assert alerts(deployment, repository)[0]["organisationName"]["S"] == owner


def test_rotation_of_the_secret_loses_no_delivery(deployment: Deployment) -> None:
    url, old = deployment.url("WebhookUrl"), deployment.webhook_secret
    put = deployment.client("secretsmanager").put_secret_value
    put(SecretId=deployment.outputs["WebhookSecretId"], SecretString="a-new-one")

    def status(secret: str) -> int:
        body = payload("created", unique(), 1, CREATED)
        return client.deliver_until_accepted(url, secret=secret, payload=body).status_code

    try:
        assert status(old) == 202
        # An unknown signature lets the receiver read the secret again, at most once a minute.
        wait(lambda: status("a-new-one") == 202, "the new secret to be known")
        assert status(old) == 202
        assert status("neither") == 401
    finally:
        put(SecretId=deployment.outputs["WebhookSecretId"], SecretString=old)
