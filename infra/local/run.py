"""`make run`: all of GCSMTTR on this machine, with sample alerts, until Ctrl-C.

Owns the order of the steps and what each of them prints.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import httpx2

from infra.local import client
from infra.local.client import ClientError
from infra.local.deployment import Deployment, DeploymentError, deploy
from infra.local.emulator import EmulatorError, running_emulator
from infra.local.meta import serving_meta
from infra.local.story import story
from operations import local_stack

SEED_QUERY = '{ getAlert(id: "orgName/repoName/22") { alertID organisationName repositoryName } }'
METRICS_QUERY = """{
  organisation(name: "orgName") {
    metrics(from: "now-2M/M", interval: MONTH) {
      periodStart opened closed openAtEnd medianTimeToRemediate(unit: DAYS)
    }
  }
}"""
_SENDERS = 8
_SECONDS_TO_SETTLE = 300


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print the name of a step, and how long it took."""
    print(f"{what} …", flush=True)
    started = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - started:.1f} s", flush=True)


def send_story(deployment: Deployment) -> int:
    """Deliver the webhooks of the sample alerts, several at once; return the number of alerts.

    Raises:
        ClientError: the receiver refuses one.
    """
    deliveries = list(story(datetime.now(UTC)))

    def send(payload: dict[str, Any]) -> httpx2.Response:
        url, secret = deployment.url("WebhookUrl"), deployment.webhook_secret
        return client.deliver_until_accepted(url, secret=secret, payload=payload)

    with ThreadPoolExecutor(_SENDERS) as pool:
        for response in pool.map(send, deliveries):
            if response.status_code != 202:
                reason = f"{response.status_code} {response.text[:300]!r}"
                raise ClientError(f"the receiver refuses a webhook: {reason}")
    return sum(one["action"] == "created" for one in deliveries)


def rows(deployment: Deployment, table: str) -> list[dict[str, Any]]:
    """Return all rows of a table of the deployment, read consistently."""
    scan = deployment.client("dynamodb").get_paginator("scan")
    pages = scan.paginate(TableName=deployment.outputs[table], ConsistentRead=True)
    return [row for page in pages for row in page["Items"]]


def settled(deployment: Deployment, *, closed: int, total: int) -> bool:
    """Return whether the overviews of all organisations contain all sample alerts."""
    overviews = rows(deployment, "OrganisationOverviewTable")
    totals = [row for row in overviews if row["period"]["S"] == "ALL"]
    counted_open, fixed, dismissed = (
        sum(int(row[attribute]["N"]) for row in totals)
        for attribute in ("openAlerts", "numberFixed", "numberManuallyClosed")
    )
    return fixed + dismissed == closed and counted_open + closed == total


def expected_closed() -> int:
    """Return the number of sample alerts that are closed at the end of the story."""
    is_closed: dict[tuple[str, int], bool] = {}
    for delivery in story(datetime.now(UTC)):
        alert = (delivery["repository"]["full_name"], delivery["alert"]["number"])
        is_closed[alert] = delivery["action"] in {"fixed", "closed_by_user"}
    return sum(is_closed.values())


def show_responses(deployment: Deployment) -> None:
    """Send two queries as a client does, and print the responses."""
    print("\nTwo queries and their responses:", flush=True)
    for query in (SEED_QUERY, METRICS_QUERY):
        data = client.query_data(deployment.url("GraphqlUrl"), key=deployment.api_key, query=query)
        print(f"\n{query}\n{json.dumps(data, indent=2)}", flush=True)


def show_addresses(deployment: Deployment, facts: Path) -> None:
    """Print how to use the deployment: the link that opens GraphiQL signed in comes last."""
    url, key = deployment.url("GraphqlUrl"), deployment.api_key
    body = json.dumps({"query": SEED_QUERY})
    print(
        "\nSend a query with curl:\n"
        f"  curl -s '{url}' -H 'x-api-key: {key}' -H 'content-type: application/json' -d '{body}'\n"
        f"\nAll addresses, keys and table names are in {facts}\n"
        "\nReady. Open this link for GraphiQL, the query editor in the browser (Ctrl-C ends all):\n"
        f"  {deployment.signed_in_url}",
        flush=True,
    )


def write_facts(deployment: Deployment, folder: Path) -> None:
    """Write outputs.json completely or not at all, readable by its owner only."""
    partial = folder / "outputs.json.partial"
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(deployment.facts(), indent=2) + "\n")
    partial.replace(folder / local_stack.FILE)


def serve(folder: Path, *, with_story: bool, stop: Event) -> None:
    """Start and deploy everything, print the addresses, and wait for `stop`."""
    with serving_meta() as meta, running_emulator(folder) as emulator:
        print(f"The AWS emulator runs at {emulator.endpoint} (log: {emulator.log})", flush=True)
        with step("Deploying the stack to it with the AWS CDK: takes about a minute"):
            deployment = deploy(emulator.endpoint, meta_url=meta.url, folder=folder)
        if with_story:
            with step("Sending signed webhooks of sample alerts and waiting for their metrics"):
                total = send_story(deployment)
                client.wait_until(
                    lambda: settled(deployment, closed=expected_closed(), total=total),
                    seconds=_SECONDS_TO_SETTLE,
                    what="the overviews to contain the sample alerts",
                )
            show_responses(deployment)
        write_facts(deployment, folder)
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
