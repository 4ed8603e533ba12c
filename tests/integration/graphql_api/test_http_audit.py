"""The server audit of the npm package graphql-http, over HTTP, against the real handler."""

import json
import subprocess
from pathlib import Path

from tests.support.graphql_api.deployment import Deployment
from tests.support.graphql_api.gateway import served

AUDIT = Path(__file__).with_name("audit.mjs")


def test_all_required_and_optional_audits_pass(deployment: Deployment) -> None:
    with served() as url:
        completed = subprocess.run(
            ["node", str(AUDIT), f"{url}/graphql", deployment.key],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
    results = json.loads(completed.stdout)
    assert len(results) > 50
    assert [result for result in results if result["status"] != "ok"] == []
