"""The server audit of the npm package graphql-http, over HTTP, through the real handler."""

import json
import subprocess
from pathlib import Path

from tests.support.graphql_api.deployment import Deployment, served

AUDIT = Path(__file__).with_name("audit.mjs")


def test_every_audit_passes_those_that_only_may_pass_too(deployment: Deployment) -> None:
    with served() as url:
        audited = subprocess.run(
            ["node", str(AUDIT), f"{url}/graphql", deployment.key],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
    results = json.loads(audited.stdout)
    assert len(results) > 50
    assert [result for result in results if result["status"] != "ok"] == []
