"""`make run` prints its addresses when it is ready, and leaves nothing behind after SIGTERM."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from infra.local import client
from infra.local.deployment import GCSMTTR
from infra.local.run import SEED_QUERY
from tests.support.paths import ROOT

pytestmark = pytest.mark.e2e


def test_make_run_shows_sample_alerts_and_ends_on_sigterm(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.run"],
            cwd=ROOT,
            env={**os.environ, "RUN_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        facts_file = tmp_path / "outputs.json"
        deadline = time.monotonic() + 900
        while not facts_file.exists():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.5)
        facts = json.loads(facts_file.read_text())
        data = client.query_data(facts["graphqlUrl"], key=facts["apiKey"], query=SEED_QUERY)
        assert data["getAlert"]["alertID"] == 22
        assert client.request(facts["graphiqlUrl"]).status_code == 200
        listed = subprocess.run(
            [GCSMTTR, "--local", "keys", "list", "--json"],
            env={"RUN_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert [key["name"] for key in json.loads(listed.stdout)] == ["local"]
        backfill = ["--local", "backfill", "--organisation", "orgName"]
        again = subprocess.run(
            [GCSMTTR, *backfill, "--api-url", facts["githubUrl"]],
            env={
                "RUN_DIR": str(tmp_path),
                "PYTHONPATH": str(ROOT),
                "GITHUB_TOKEN": facts["githubToken"],
            },
            capture_output=True,
            text=True,
            check=True,
        )
        assert again.stdout.splitlines()[1] == "Published: 0 alerts."
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
    printed = log.read_text()
    assert "gcsmttr backfill --organisation orgName" in printed
    assert "orgName/repoName" in printed
    assert "curl" in printed
    assert f"{facts['dashboardUrl']}#key={facts['apiKey']}" in printed.splitlines()[-2]
    assert not facts_file.exists()
    with pytest.raises(httpx2.ConnectError):
        client.request(facts["awsEndpointUrl"])
    assert not (tmp_path / "tmp").exists()
