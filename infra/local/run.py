"""`make run`: all of GCSMTTR on this machine, with a fake GitHub that has alerts, until Ctrl-C.

Owns the order of the steps and what each of them prints.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import httpx2

from infra.local import client
from infra.local.client import ClientError
from infra.local.day_one import DayOne, Totals
from infra.local.deployment import (
    GCSMTTR,
    Deployment,
    DeploymentError,
    deploy,
    environment_of,
)
from infra.local.emulator import EmulatorError, running_emulator
from infra.local.github.server import serving
from operations import local_stack
from operations.cli.options import STACK_VARIABLE
from operations.github import TOKEN_VARIABLE

SEED_QUERY = '{ getAlert(id: "orgName/repoName/22") { alertID organisationName repositoryName } }'
METRICS_QUERY = """{
  organisation(name: "octo-org") {
    metrics(from: "now-2M/M", interval: MONTH) {
      periodStart opened closed openAtEnd medianTimeToRemediate(unit: DAYS)
    }
  }
}"""
_SECONDS_TO_SETTLE = 300


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print the name of a step, and how long it took."""
    print(f"{what} …", flush=True)
    started = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - started:.1f} s", flush=True)


def backfill(deployment: Deployment, day_one: DayOne, url: str) -> None:
    """Read all alerts of the fake GitHub with the command that a user types.

    Raises:
        DeploymentError: A command fails.
    """
    environment = environment_of(deployment.endpoint) | {
        STACK_VARIABLE: deployment.stack,
        TOKEN_VARIABLE: day_one.token(),
    }
    for options in day_one.backfills():
        print(f"  gcsmttr backfill {' '.join(options)}", flush=True)
        done = subprocess.run(
            [GCSMTTR, "backfill", *options, "--api-url", url],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise DeploymentError(f"the backfill fails: {done.stderr}")
        print("".join(f"    {line}\n" for line in done.stdout.splitlines()), end="", flush=True)


def rows(deployment: Deployment, table: str) -> list[dict[str, Any]]:
    """Return all rows of a table of the deployment, read consistently."""
    scan = deployment.client("dynamodb").get_paginator("scan")
    pages = scan.paginate(TableName=deployment.outputs[table], ConsistentRead=True)
    return [row for page in pages for row in page["Items"]]


def settled(deployment: Deployment, totals: Totals) -> bool:
    """Return whether the overviews of all organisations contain all alerts."""
    overviews = rows(deployment, "OrganisationOverviewTable")
    counted = [row for row in overviews if row["period"]["S"] == "ALL"]
    still_open, fixed, dismissed = (
        sum(int(row[attribute]["N"]) for row in counted)
        for attribute in ("openAlerts", "numberFixed", "numberManuallyClosed")
    )
    return Totals(open=still_open, closed=fixed + dismissed) == totals


def wait_for_counts(deployment: Deployment, day_one: DayOne) -> None:
    """Wait until the overviews contain what the fake GitHub has."""
    client.wait_until(
        lambda: settled(deployment, day_one.totals()),
        seconds=_SECONDS_TO_SETTLE,
        what="the overviews to contain all alerts",
    )


def show_responses(deployment: Deployment) -> None:
    """Send two queries as a client does, and print the responses."""
    print("\nTwo queries and their responses:", flush=True)
    for query in (SEED_QUERY, METRICS_QUERY):
        data = client.query_data(deployment.url("GraphqlUrl"), key=deployment.api_key, query=query)
        print(f"\n{query}\n{json.dumps(data, indent=2)}", flush=True)


def show_addresses(deployment: Deployment, facts: Path) -> None:
    """Print how to use the deployment: the link that opens the dashboard signed in comes last."""
    url, key = deployment.url("GraphqlUrl"), deployment.api_key
    body = json.dumps({"query": SEED_QUERY})
    print(
        "\nSend a query with curl:\n"
        f"  curl -s '{url}' -H 'x-api-key: {key}' -H 'content-type: application/json' -d '{body}'\n"
        f"\nAll addresses, keys and table names are in {facts}\n"
        "The fake GitHub keeps running: githubUrl and githubToken are its address and a token.\n"
        "\nReady. Open this link for the dashboard; GraphiQL is beside it (Ctrl-C ends all):\n"
        f"  {deployment.signed_in_url}",
        flush=True,
    )


def write_facts(deployment: Deployment, folder: Path, *, github_url: str, token: str) -> None:
    """Write outputs.json completely or not at all, readable by its owner only."""
    partial = folder / "outputs.json.partial"
    partial.touch(mode=0o600)
    facts = {**deployment.facts(), "githubUrl": github_url, "githubToken": token}
    partial.write_text(json.dumps(facts, indent=2) + "\n")
    partial.replace(folder / local_stack.FILE)


def tell(deployment: Deployment, day_one: DayOne, url: str) -> None:
    """Bring the history into the stack, then let things happen at the fake GitHub."""
    with step("Reading the alerts of 14 months from a fake GitHub"):
        backfill(deployment, day_one, url)
        wait_for_counts(deployment, day_one)
    with step("Connecting webhooks, and letting things happen at the fake GitHub"):
        day_one.connect(deployment.url("WebhookUrl"), deployment.webhook_secret)
        print(f"  {day_one.go_on()} webhooks", flush=True)
        wait_for_counts(deployment, day_one)


@contextmanager
def running(folder: Path, *, with_story: bool) -> Iterator[tuple[Deployment, DayOne, str]]:
    """Start and deploy everything. Yields the deployment, the fake GitHub, and its address."""
    day_one = DayOne()
    with serving(day_one.github) as url, running_emulator(folder) as emulator:
        print(f"The AWS emulator runs at {emulator.endpoint} (log: {emulator.log})", flush=True)
        with step("Deploying the stack to it with the AWS CDK: takes about a minute"):
            deployment = deploy(emulator.endpoint, meta_url=f"{url}/meta", folder=folder)
        if with_story:
            day_one.make_history()
            tell(deployment, day_one, url)
        yield deployment, day_one, url


def serve(folder: Path, *, with_story: bool, stop: Event) -> None:
    """Start and deploy everything, print the addresses, and wait for `stop`."""
    with running(folder, with_story=with_story) as (deployment, day_one, url):
        if with_story:
            show_responses(deployment)
        write_facts(deployment, folder, github_url=url, token=day_one.token())
        show_addresses(deployment, folder / local_stack.FILE)
        stop.wait()
        (folder / local_stack.FILE).unlink(missing_ok=True)


def main() -> int:
    """Run until a signal; print the reason and return 1 if a step fails."""
    folder = local_stack.folder()
    folder.mkdir(parents=True, exist_ok=True)
    stop = Event()

    def on_signal(_number: int, _frame: object) -> None:
        if stop.is_set() or not (folder / local_stack.FILE).exists():
            raise KeyboardInterrupt
        stop.set()

    (folder / local_stack.FILE).unlink(missing_ok=True)
    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    try:
        serve(folder, with_story=os.environ.get("STORY") != "none", stop=stop)
    except KeyboardInterrupt:
        return 130
    except (ClientError, DeploymentError, EmulatorError, httpx2.HTTPError, OSError) as error:
        print(f"Failed: {error}\nLogs: {folder / 'logs'}", file=sys.stderr)
        return 1
    print("Ended: the emulator has stopped and its data is deleted.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
