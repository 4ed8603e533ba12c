"""An imitated GitHub on loopback, and a stack whose services moto imitates, with its receiver."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import httpx2
import pytest
from moto import mock_aws

from infra.local import client as sender
from infra.local.github.github import GitHub
from infra.local.github.server import serving
from ingest.errors import WebhookError
from ingest.webhooks.connected_apps import NO_APPS, ConnectedApp, webhook_secrets_of
from ingest.webhooks.delivery import Delivery, verify
from ingest.webhooks.secret_store import SecretStore, SecretStores
from operations.aws import Aws
from operations.connect.app_store import AppStore
from operations.deployment import Deployment
from reconcile.connect_records import ConnectRecords
from tests.support.rollup_stack import make_table

REGION = "eu-west-1"
WEBHOOK = "http://127.0.0.1:1/_aws/execute-api/abc/$default/github/webhook"


@dataclass
class Clock:
    """Monotonic seconds that only waiting moves. `on_pause` is called before each pause."""

    seconds: float = 1000.0
    on_pause: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        for call in self.on_pause:
            call()
        self.seconds += seconds


class Stack:
    """The secret, the table and the receiver of a stack. The receiver is the real check."""

    def __init__(self, clock: Clock) -> None:
        session = boto3.Session(region_name=REGION)
        self.clock = clock
        self.secrets: Any = session.client("secretsmanager")
        for name, text in (("GitHubApps", NO_APPS), ("ByHand", "the secret made by hand")):
            self.secrets.create_secret(Name=name, SecretString=text)
        dynamodb = session.client("dynamodb")
        make_table(dynamodb, "Connections", "connection", "task", indexes={})
        outputs = {
            "GitHubAppsSecretId": "GitHubApps",
            "ConnectionsTable": "Connections",
            "WebhookUrl": "https://abc.test/github/webhook",
            "GraphiqlUrl": "https://abc.test/graphiql",
        }
        self.deployment = Deployment("Mine", Aws(session), outputs, "http://127.0.0.1:1")
        self.records = ConnectRecords(dynamodb, table="Connections")
        self.received: list[tuple[str, int]] = []
        self.stores = SecretStores(
            SecretStore(self.secrets, secret_id="ByHand", clock=clock),
            SecretStore(
                self.secrets, secret_id="GitHubApps", clock=clock, values_of=webhook_secrets_of
            ),
        )

    @property
    def apps(self) -> tuple[ConnectedApp, ...]:
        return AppStore(self.secrets, secret_id="GitHubApps", pause=self.clock.pause).read()

    def receive(
        self, url: str, *, secret: str, payload: bytes, event: str, delivery: str
    ) -> httpx2.Response:
        """Respond to a delivery of GitHub as the deployed receiver does."""
        assert url == WEBHOOK, url
        headers = {"x-hub-signature-256": sender.sign(payload, secret=secret)}
        status = 200
        try:
            verify(Delivery(headers, payload), secrets=self.stores.values)
        except WebhookError as error:
            status = error.status
        self.received.append((event, status))
        assert delivery
        return httpx2.Response(status)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stack(clock: Clock) -> Iterator[Stack]:
    with mock_aws():
        yield Stack(clock)


@pytest.fixture
def github(stack: Stack) -> GitHub:
    made = GitHub(send=stack.receive)
    made.world.account("Acme")
    made.world.account("octocat", is_organisation=False)
    return made


@pytest.fixture
def github_url(github: GitHub) -> Iterator[str]:
    with serving(github) as url:
        yield url
