"""Deploys the CDK app to a running emulator, and returns its addresses, key and secret.

Owns the calls of the CDK command line, and reads the outputs of the stack. The app is the one that
is deployed to AWS; only its context differs.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import boto3
from botocore.config import Config

from infra.errors import InfraError
from infra.paths import ROOT
from ingest.events.alert_detail import SOURCE
from operations.local_stack import LocalStack, local_url

REGION = "eu-west-1"
_CDK = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
GCSMTTR = Path(sys.executable).with_name("gcsmttr")
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
RECORDERS = 8
"""The most recorders that run at once. The emulator starts a process for each of them: without a
limit, a burst of events starts hundreds of processes, and all of them run out of time."""


class DeploymentError(InfraError):
    """The stack cannot be deployed; the message contains the reason and the path of the log."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployed stack: the emulator's address, the outputs, an API key and the webhook secret."""

    endpoint: str
    stack: str
    outputs: dict[str, str]
    api_key: str
    webhook_secret: str

    def client(self, service: Any) -> Any:  # noqa: ANN401
        """Return a boto3 client for the emulator."""
        return client(self.endpoint, service)

    def url(self, output: str) -> str:
        """Return the address in an output, in the form that every client can resolve."""
        return local_url(self.endpoint, self.outputs[output])

    @property
    def signed_in_url(self) -> str:
        """Return the link that opens the dashboard signed in; browsers do not send its fragment."""
        return f"{self.url('DashboardUrl')}#key={self.api_key}"

    def facts(self) -> dict[str, Any]:
        """Return the content of `.run/outputs.json`, for scripts."""
        queues = {name: url for name, url in self.outputs.items() if name.endswith("QueueUrl")}
        tables = (
            *("AllEvents", "Repositories", "RepositoryOverview", "OrganisationOverview", "Ledger"),
            "AccessKeys",
        )
        return {
            "webhookUrl": self.url("WebhookUrl"),
            "graphqlUrl": self.url("GraphqlUrl"),
            "dashboardUrl": self.url("DashboardUrl"),
            "graphiqlUrl": self.url("GraphiqlUrl"),
            "apiKey": self.api_key,
            "webhookSecret": self.webhook_secret,
            **LocalStack(self.endpoint, REGION, self.stack).to_facts(),
            "tables": {f"{t[0].lower()}{t[1:]}": self.outputs[f"{t}Table"] for t in tables},
            "queues": {f"{q[0].lower()}{q[1:]}": url for q, url in queues.items()},
        }


def client(endpoint: str, service: Any) -> Any:  # noqa: ANN401
    """Return a boto3 client for an emulator. The emulator accepts any credentials."""
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106
        config=Config(max_pool_connections=50),
    )


def environment_of(endpoint: str) -> dict[str, str]:
    """Return the environment in which commands use an emulator instead of AWS."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "PATH": f"{ROOT / '.node' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "CDK_DEFAULT_ACCOUNT": "000000000000",
        "CDK_DEFAULT_REGION": REGION,
    }


def deploy(
    endpoint: str,
    *,
    meta_url: str,
    folder: Path,
    settings: Mapping[str, str] = NO_SETTINGS,
    root: Path = ROOT,
) -> Deployment:
    """Bootstrap and deploy the stack, fetch the hook ranges, and create an API key.

    Args:
        endpoint: The address of the emulator.
        meta_url: Where the stack fetches the source addresses of webhooks.
        folder: Where the log and the files of the CDK go.
        settings: Further settings of the stack, by their keys.
        root: The checkout whose code is deployed.

    Raises:
        DeploymentError: A step fails.
    """
    log = folder / "logs" / "deploy.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    outputs_file = folder / "cdk-outputs.json"
    environment = environment_of(endpoint) | {"PYTHONPATH": str(root)}
    out = folder / "cdk.out"
    node = ["node", str(_CDK), "--no-notices", "--no-version-reporting", "--output", str(out)]
    values = {"emulator": "true", "metaUrl": meta_url, "team": "property:team", **settings}
    context = [part for key, value in values.items() for part in ("-c", f"{key}={value}")]
    commands = (
        [*node, "bootstrap", f"aws://000000000000/{REGION}", *context],
        [
            *(*node, "deploy", "--all", "--require-approval", "never", *context),
            *("--outputs-file", str(outputs_file)),
        ],
    )
    for command in commands:
        with log.open("ab") as output:
            done = subprocess.run(
                command, cwd=root, env=environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
        if done.returncode:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise DeploymentError(f"cdk failed:\n{tail}\nThe whole output is in {log}")
    ((stack, outputs),) = json.loads(outputs_file.read_text()).items()
    # The emulator's CloudFormation ignores the reserved concurrency of a function.
    client(endpoint, "lambda").put_function_concurrency(
        FunctionName=outputs["RecorderFunction"], ReservedConcurrentExecutions=RECORDERS
    )
    _archive_events(endpoint, outputs)
    if "RefresherFunction" in outputs:
        _refresh_hook_ranges(endpoint, outputs["RefresherFunction"])
    secrets = client(endpoint, "secretsmanager")
    secret = secrets.get_secret_value(SecretId=outputs["WebhookSecretId"])["SecretString"]
    key = _create_key(environment, stack)
    return Deployment(endpoint, stack, outputs, key, secret)


def _archive_events(endpoint: str, outputs: dict[str, str]) -> None:
    """Make the event archive, which the CloudFormation of the emulator cannot make."""
    events = client(endpoint, "events")
    with suppress(events.exceptions.ResourceAlreadyExistsException):
        events.create_archive(
            ArchiveName=outputs["EventArchiveName"],
            EventSourceArn=outputs["EventBusArn"],
            EventPattern=json.dumps({"source": [SOURCE]}),
        )


def _refresh_hook_ranges(endpoint: str, function: str) -> None:
    response = client(endpoint, "lambda").invoke(FunctionName=function, Payload=b"{}")
    if "FunctionError" in response:
        reason = response["Payload"].read().decode()
        raise DeploymentError(f"the hook ranges cannot be fetched: {reason}")


def _create_key(environment: dict[str, str], stack: str) -> str:
    command = [str(GCSMTTR), "keys", "create", "local", "--stack", stack]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DeploymentError(f"the API key cannot be created: {done.stderr}")
    return done.stdout.strip()
