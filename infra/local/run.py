"""`make run`: the whole of GCSMTTR on this machine, with a story to look at, until Ctrl-C.

Owns the order of the steps and what is printed of each.
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
from infra.local.emulator import ROOT, EmulatorError, running_emulator
from infra.local.meta import serving_meta
from infra.local.story import story

SEED_QUERY = '{ getAlert(id: "orgName/repoName/22") { alertID organisationName repositoryName } }'
OVERVIEW_QUERY = """{
  organisationOverviewbyOrganisationName(organisationName: "orgName", limit: 3) {
  data { monthlyPeriod openAlerts numberFixed numberManuallyClosed meanTimeToRemediate }
} }"""
_SENDERS = 8
_SECONDS_TO_SETTLE = 300


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    print(f"{what} …", flush=True)
    started = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - started:.1f} s", flush=True)


def tell(deployment: Deployment) -> int:
    """Deliver the whole story; how many alerts it has. Raises ClientError for a refusal.

    As in life, an alert is known for a while before it is closed: what closes alerts is told once
    all are stored, since a closing waits for its creation only a few seconds.
    """
    deliveries = list(story(datetime.now(UTC)))

    def send(payload: dict[str, Any]) -> Answer:
        url, secret = deployment.url("WebhookUrl"), deployment.webhook_secret
        return client.deliver_until_taken(url, secret=secret, payload=payload)

    def send_all(some: list[dict[str, Any]]) -> None:
        for answer in pool.map(send, some):
            if answer.status != 202:
                raise ClientError(f"the webhook answered {answer.status}: {answer.body[:300]!r}")

    first = [one for one in deliveries if one["action"] == "created"]
    rest = [one for one in deliveries if one["action"] != "created"]
    with ThreadPoolExecutor(_SENDERS) as pool:
        send_all(first)
        client.wait_until(
            lambda: len(rows(deployment, "AllEventsTable")) == len(first),
            seconds=_SECONDS_TO_SETTLE,
            what="every alert of the story to be stored",
        )
        send_all(rest)
    return len(first)


def rows(deployment: Deployment, table: str) -> list[dict[str, Any]]:
    """Every row of a table of the deployment, read consistently."""
    scan = deployment.client("dynamodb").get_paginator("scan")
    pages = scan.paginate(TableName=deployment.outputs[table], ConsistentRead=True)
    return [row for page in pages for row in page["Items"]]


def settled(deployment: Deployment, *, closed: int, total: int) -> bool:
    """Whether the overviews of all organisations hold the whole story."""
    overviews = rows(deployment, "OrganisationOverviewTable")
    whole = [row for row in overviews if row["period"]["S"] == "ALL"]
    ended = sum(int(r["numberFixed"]["N"]) + int(r["numberManuallyClosed"]["N"]) for r in whole)
    return ended == closed and sum(int(row["openAlerts"]["N"]) for row in whole) + ended == total


def expected_closed() -> int:
    """How many alerts of the story end closed."""
    state: dict[tuple[str, int], bool] = {}
    for one in story(datetime.now(UTC)):
        key = (one["repository"]["full_name"], one["alert"]["number"])
        state[key] = one["action"] in {"fixed", "closed_by_user"}
    return sum(state.values())


def show(deployment: Deployment) -> None:
    """Ask as a client would, and print the answers."""
    for query in (SEED_QUERY, OVERVIEW_QUERY):
        data = client.data(deployment.url("GraphqlUrl"), key=deployment.api_key, query=query)
        print(f"\n{query}\n{json.dumps(data, indent=2)}", flush=True)


def write_facts(deployment: Deployment, folder: Path) -> None:
    """Write outputs.json whole or not at all, readable by its owner alone."""
    partial = folder / "outputs.json.partial"
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(deployment.facts(), indent=2) + "\n")
    partial.replace(folder / "outputs.json")


def serve(folder: Path, *, with_story: bool, stop: Event) -> None:
    """Bring everything up, say where it is, and stay until `stop`."""
    with serving_meta() as meta, running_emulator(folder) as emulator:
        print(f"emulator: {emulator.endpoint} (log: {emulator.log})", flush=True)
        with step("deploying the stack (cdk bootstrap, cdk deploy)"):
            deployment = deploy(emulator.endpoint, meta_url=meta.url, folder=folder)
        if with_story:
            with step("sending signed webhooks, waiting until the overviews hold them"):
                total = tell(deployment)
                client.wait_until(
                    lambda: settled(deployment, closed=expected_closed(), total=total),
                    seconds=_SECONDS_TO_SETTLE,
                    what="the overviews to hold the story",
                )
            show(deployment)
        write_facts(deployment, folder)
        url = deployment.url("GraphqlUrl")
        print(f"\nGraphiQL: {deployment.url('GraphiqlUrl')}\nAPI key:  {deployment.api_key}")
        body = json.dumps({"query": SEED_QUERY})
        print(f"curl -s '{url}' -H 'x-api-key: {deployment.api_key}'"
              f" -H 'content-type: application/json' -d '{body}'")  # fmt: skip
        print(f"\nready; facts in {folder / 'outputs.json'}; Ctrl-C ends it", flush=True)
        stop.wait()
        (folder / "outputs.json").unlink(missing_ok=True)


def main() -> int:
    """Run until a signal; 1 with the reason when a step fails."""
    folder = Path(os.environ.get("RUN_DIR") or ROOT / ".run").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    stop = Event()

    def on_signal(_number: int, _frame: object) -> None:
        if stop.is_set() or not (folder / "outputs.json").exists():
            raise KeyboardInterrupt
        stop.set()

    (folder / "outputs.json").unlink(missing_ok=True)
    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    try:
        serve(folder, with_story=os.environ.get("STORY") != "none", stop=stop)
    except KeyboardInterrupt:
        return 130
    except (ClientError, DeploymentError, EmulatorError, OSError) as error:
        print(f"failed: {error}\nlogs: {folder / 'logs'}", file=sys.stderr)
        return 1
    print("ended", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
