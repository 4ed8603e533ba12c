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

from infra.local import client
from infra.local.client import Answer, ClientError
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
    """Print what is being done, and how long it took."""
    print(f"{what} …", flush=True)
    started = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - started:.1f} s", flush=True)


def send_story(deployment: Deployment) -> int:
    """Deliver every webhook of the story, several at once; return the number of alerts.

    Raises ClientError if the receiver refuses one.
    """
    deliveries = list(story(datetime.now(UTC)))

    def send(payload: dict[str, Any]) -> Answer:
        url, secret = deployment.url("WebhookUrl"), deployment.webhook_secret
        return client.deliver_until_taken(url, secret=secret, payload=payload)

    with ThreadPoolExecutor(_SENDERS) as pool:
        for answer in pool.map(send, deliveries):
            if answer.status != 202:
                raise ClientError(f"the webhook answered {answer.status}: {answer.body[:300]!r}")
    return sum(one["action"] == "created" for one in deliveries)


def rows(deployment: Deployment, table: str) -> list[dict[str, Any]]:
    """Every row of a table of the deployment, read consistently."""
    scan = deployment.client("dynamodb").get_paginator("scan")
    pages = scan.paginate(TableName=deployment.outputs[table], ConsistentRead=True)
    return [row for page in pages for row in page["Items"]]


def settled(deployment: Deployment, *, closed: int, total: int) -> bool:
    """Whether the overviews of all organisations contain the whole story."""
    overviews = rows(deployment, "OrganisationOverviewTable")
    whole = [row for row in overviews if row["period"]["S"] == "ALL"]
    ended = sum(int(r["numberFixed"]["N"]) + int(r["numberManuallyClosed"]["N"]) for r in whole)
    return ended == closed and sum(int(row["openAlerts"]["N"]) for row in whole) + ended == total


def expected_closed() -> int:
    """The number of alerts of the story that are closed at its end."""
    state: dict[tuple[str, int], bool] = {}
    for one in story(datetime.now(UTC)):
        key = (one["repository"]["full_name"], one["alert"]["number"])
        state[key] = one["action"] in {"fixed", "closed_by_user"}
    return sum(state.values())


def show_answers(deployment: Deployment) -> None:
    """Send two queries as a client does, and print the responses."""
    print("\nTwo queries and their responses:", flush=True)
    for query in (SEED_QUERY, METRICS_QUERY):
        data = client.data(deployment.url("GraphqlUrl"), key=deployment.api_key, query=query)
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
    """Write outputs.json whole or not at all, readable by its owner alone."""
    partial = folder / "outputs.json.partial"
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(deployment.facts(), indent=2) + "\n")
    partial.replace(folder / local_stack.FILE)


def serve(folder: Path, *, with_story: bool, stop: Event) -> None:
    """Start and deploy everything, print the addresses, and stay until `stop`."""
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
            show_answers(deployment)
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
    except (ClientError, DeploymentError, EmulatorError, OSError) as error:
        print(f"Failed: {error}\nLogs: {folder / 'logs'}", file=sys.stderr)
        return 1
    print("Ended: the emulator and its data are gone.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
