"""The scheduled Lambda function that finds lost deliveries and asks GitHub to redeliver them.

Decodes the environment and calls `redelivery` for each connected App. A failure of one App does not
stop the others; at the end it raises, and the alarm counts the function's errors.
"""

import os
from dataclasses import asdict
from datetime import timedelta
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from github_rest.errors import GitHubError
from ingest.clients import TASKS, make_at_start
from reconcile.connections import connection_of
from reconcile.errors import ReconcileError
from reconcile.workflow import redelivery
from reconcile.workflow.connected_apps import client_of, read_apps, server
from reconcile.workflow.task_states import TaskStates

logger = Logger()

_RESERVE = timedelta(seconds=90)
"""The time that remains when a run stops, for the last request and its record."""


@cache
def _states() -> TaskStates:
    return TaskStates(
        boto3.client("dynamodb", config=TASKS.config), table=os.environ["CONNECTIONS_TABLE"]
    )


@cache
def _secrets() -> Any:  # noqa: ANN401
    return boto3.client("secretsmanager", config=TASKS.config)


make_at_start(_states, _secrets)


@logger.inject_lambda_context
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Redeliver what was lost, and return the number of connected Apps, `{"apps": 1}`.

    Raises:
        GitHubError: GitHub refused a request, or is unavailable.
        ReconcileError: Another run was active.
    """
    apps = read_apps(_secrets(), secret_id=os.environ["GITHUB_APPS_SECRET_ID"])
    failures: list[GitHubError | ReconcileError] = []
    for app in apps:
        client = client_of(app)
        now = client.connection.clock()
        left = timedelta(milliseconds=context.get_remaining_time_in_millis())
        try:
            summary = redelivery.redeliver(
                _states(),
                client,
                connection=connection_of(server(app), app.owner),
                until=now + left - _RESERVE,
            )
        except (GitHubError, ReconcileError) as error:
            logger.warning("deliveries not checked", app=app.slug, reason=error.reason)
            failures.append(error)
        else:
            logger.info("deliveries checked", app=app.slug, **asdict(summary))
    if not apps:
        logger.info("no App is connected")
    if failures:
        raise failures[0]
    return {"apps": len(apps)}
