"""The Lambda function of the workflow: it lists the accounts, and does a step for one of them.

Decodes the input of a state, calls the reconciliation and encodes the outcome. Reports the drift of
a run that has ended as metrics.
"""

import os
from datetime import timedelta
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from github_rest.http.client import Client
from ingest.bus.event_bus import EventBus
from ingest.clients import TASKS, make_at_start
from ingest.metrics.report import report
from ingest.names import folded
from ingest.webhooks.connected_apps import ConnectedApp
from reconcile.connections import Connections
from reconcile.scans.account import Account, account_from, account_json
from reconcile.scans.github_lists import Lists
from reconcile.scans.runs import Task
from reconcile.scans.stored_numbers import StoredNumbers
from reconcile.scans.stored_repositories import StoredRepositories
from reconcile.stored_alerts import StoredAlerts
from reconcile.workflow.connected_apps import client_of, read_apps
from reconcile.workflow.drift_metrics import TASK, metrics_of
from reconcile.workflow.installations import Installations
from reconcile.workflow.reconciliation import Reconciliation
from reconcile.workflow.task_states import TaskStates

logger = Logger()

_RESERVE = timedelta(seconds=60)
"""Left of the function's time when a step stops: for the page that is under way."""


@cache
def _dynamodb() -> Any:  # noqa: ANN401
    return boto3.client("dynamodb", config=TASKS.config)


@cache
def _client(app: ConnectedApp) -> Client:
    return client_of(app)


@cache
def _installation(app: ConnectedApp, installation_id: int) -> Client:
    return _client(app).installation(installation_id)


def _states() -> TaskStates:
    return TaskStates(_dynamodb(), table=os.environ["CONNECTIONS_TABLE"])


@cache
def _events() -> Any:  # noqa: ANN401
    return boto3.client("events", config=TASKS.config)


@cache
def _secrets() -> Any:  # noqa: ANN401
    return boto3.client("secretsmanager", config=TASKS.config)


make_at_start(_dynamodb, _events, _secrets)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Return the accounts, or with an account in the event, the event and what comes next.

    Raises:
        GitHubError: A request to GitHub fails, and is not rate-limited.
        IngestError: The bus does not accept the events.
        ReconcileError: A table is busy, or another run is active.
    """
    apps = read_apps(_secrets(), secret_id=os.environ["GITHUB_APPS_SECRET_ID"])
    if "account" not in event:
        accounts = _accounts(apps, event)
        logger.info("accounts", extra={"task": event["task"], "accounts": len(accounts)})
        return {"accounts": accounts}
    account, task = account_from(event["account"]), Task(event["task"])
    app = next(one for one in apps if one.identity == account.app)
    reconciliation = Reconciliation(
        lists=_lists(app, account),
        task=task,
        states=_states(),
        backfill=Connections(
            _dynamodb(), table=os.environ["CONNECTIONS_TABLE"], connection=account.connection
        ),
        holder=event["execution"],
    )
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    outcome = reconciliation.step(
        until=reconciliation.lists.now() + left - _RESERVE, waits=bool(event.get("waits"))
    )
    logger.info("step", extra={"task": task, "connection": account.connection, **outcome})
    _report(task, outcome)
    kept = {name: event[name] for name in ("account", "task", "execution", "waits")}
    return {**kept, **outcome}


def _accounts(apps: Any, event: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ANN401
    wanted = event.get("organisation")
    installations = Installations(_states())
    found = [
        account
        for app in apps
        for account in installations.of(
            app,
            _client(app),
            now=_client(app).connection.clock(),
            is_new=event["task"] == Task.WEEKLY,
        )
    ]
    return [account_json(one) for one in found if not wanted or folded(one.login) == folded(wanted)]


def _lists(app: ConnectedApp, account: Account) -> Lists:
    alerts_table = os.environ["ALL_EVENTS_TABLE"]
    return Lists(
        account=account,
        client=_installation(app, account.installation_id),
        stored=StoredAlerts(_dynamodb(), table=alerts_table),
        numbers=StoredNumbers(_dynamodb(), table=alerts_table),
        repositories=StoredRepositories(_dynamodb(), table=os.environ["REPOSITORIES_TABLE"]),
        bus=EventBus(_events(), name=os.environ["EVENT_BUS_NAME"]),
        keep_actors=os.environ["KEEP_ACTORS"] == "true",
    )


def _report(task: Task, outcome: Any) -> None:  # noqa: ANN401
    """Send the drift of a run that has ended. What a first run finds was there before it."""
    last = outcome.get("lastRun")
    if last is None or last["isFirst"]:
        return
    report(metrics_of(last["drift"]), {TASK: task})
