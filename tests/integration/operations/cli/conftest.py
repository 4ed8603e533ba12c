"""The commands over moto: their stack is found by its name, and the rest is the real code."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from ingest.webhooks.connected_apps import NO_APPS
from operations import deployment as deployments
from operations.aws import Aws
from operations.cli.app import app
from operations.deployment import Deployment
from operations.errors import NoStackError
from tests.support.rollup_stack import Stack

REGION = "eu-west-1"


@dataclass(frozen=True, slots=True)
class Terminal:
    """Runs `gcsmttr` in this process, as a user without a terminal does."""

    deployment: Deployment

    def run(self, *arguments: str, env: dict[str, str] | None = None) -> Result:
        return CliRunner().invoke(app, arguments, prog_name="gcsmttr", env=env)

    def mine(self, *arguments: str) -> Result:
        """Run a command for the stack `Mine`."""
        return self.run(*arguments, "--stack", "Mine")

    def document(self, *arguments: str) -> Any:
        """Return what a command prints with --json."""
        return json.loads(self.mine(*arguments, "--json").stdout)


@pytest.fixture
def rows() -> Iterator[Stack]:
    """The tables of alerts, overviews and the ledger, empty."""
    with mock_aws():
        yield Stack(boto3.client("dynamodb", region_name=REGION))


@pytest.fixture
def terminal(rows: Stack, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal with the stack `Mine`, which is the only one of its account."""
    for name in ("GCSMTTR_STACK", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    rows.client.create_table(
        TableName="AccessKeys",
        KeySchema=[{"AttributeName": "keyHash", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "keyHash", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    boto3.client("secretsmanager", region_name=REGION).create_secret(
        Name="GitHubApps", SecretString=NO_APPS
    )
    outputs = {
        "AllEventsTable": rows.names["events"],
        "RepositoryOverviewTable": rows.names["repository"],
        "OrganisationOverviewTable": rows.names["organisation"],
        "LedgerTable": rows.names["ledger"],
        "AccessKeysTable": "AccessKeys",
        "GitHubAppsSecretId": "GitHubApps",
        "ReconcileHours": "1",
        "WebhookUrl": "https://receiver.test/webhook",
        "GraphqlUrl": "https://api.test/graphql",
        "BadgesUrl": "https://api.test/badge",
    }
    mine = Deployment("Mine", Aws(boto3.Session(region_name=REGION)), outputs)
    monkeypatch.setattr(deployments, "in_account", finder(mine))
    return Terminal(mine)


def finder(mine: Deployment) -> Callable[[str], Deployment]:
    def find(stack: str) -> Deployment:
        if stack != mine.stack:
            raise NoStackError(stack, REGION)
        return mine

    return find
