"""The memory of `gcsmttr backfill` does not grow with the number of alerts.

AWS is a server without alerts that accepts everything, so each alert is missing and published. With
`-s`, the test prints the memory; `BACKFILL_ALERTS=100000` raises the number of alerts.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from infra.local.deployment import GCSMTTR, environment_of
from infra.local.github.github import GitHub
from infra.local.github.server import serving
from infra.local.github.world import history
from infra.local.github.world.history import Past
from tests.support.paths import ROOT

ALERTS = int(os.environ.get("BACKFILL_ALERTS", "4000"))
MOST_MB = 200
MOST_GROWTH_MB = 20
_OUTPUTS = {
    "AllEventsTable": "alerts",
    "ConnectionsTable": "connections",
    "EventBusName": "bus",
    "KeepActors": "false",
}
_STACK = """<DescribeStacksResponse><DescribeStacksResult><Stacks><member>
<StackName>Mine</StackName><StackStatus>CREATE_COMPLETE</StackStatus>
<CreationTime>2026-11-24T09:00:00Z</CreationTime><Outputs>{outputs}</Outputs>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"""
# A process starts with the peak memory of its parent, so a small process starts the command.
_MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
_OUTPUT = "<member><OutputKey>{}</OutputKey><OutputValue>{}</OutputValue></member>"


class Aws(BaseHTTPRequestHandler):
    """Responds to the requests that the command sends."""

    protocol_version = "HTTP/1.1"
    published = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        action = self.headers.get("x-amz-target", "").rpartition(".")[2]
        if action:
            self._respond("application/x-amz-json-1.0", json.dumps(self._json(action, body)))
        else:
            outputs = "".join(_OUTPUT.format(*one) for one in _OUTPUTS.items())
            self._respond("text/xml", _STACK.format(outputs=outputs))

    def _json(self, action: str, body: bytes) -> dict[str, object]:
        if action == "PutEvents":
            entries = json.loads(body)["Entries"]
            Aws.published += len(entries)
            return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}] * len(entries)}
        if action == "BatchGetItem":
            return {"Responses": {}, "UnprocessedKeys": {}}
        assert action in {"GetItem", "PutItem"}
        return {}

    def _respond(self, media_type: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing."""


@contextmanager
def aws() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Aws)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def used_mb(github: GitHub, owner: str) -> float:
    """Return the largest resident memory of a backfill."""
    token = github.registry.user_token(github.world.account("octocat"))
    with aws() as endpoint, serving(github) as url:
        command = (
            GCSMTTR,
            "backfill",
            "--organisation",
            owner,
            "--api-url",
            url,
            "--stack",
            "Mine",
        )
        measured = subprocess.run(
            [sys.executable, "-c", _MEASURE, *command],
            cwd=ROOT,
            env=environment_of(endpoint) | {"GITHUB_TOKEN": token},
            stdout=subprocess.PIPE,
            check=True,
        )
    return int(measured.stdout) / 1024


def test_memory_is_flat_and_below_200_mb() -> None:
    github = GitHub()
    history.fill(github.world, "small", Past(repositories=2, alerts=50))
    history.fill(github.world, "large", Past(repositories=ALERTS // 100, alerts=100))
    small, large = used_mb(github, "small"), used_mb(github, "large")
    sys.stdout.write(f"{ALERTS:,} alerts: {large:.0f} MB; 100 alerts: {small:.0f} MB\n")
    assert Aws.published > 0.9 * ALERTS
    assert large < MOST_MB
    assert large - small < MOST_GROWTH_MB
