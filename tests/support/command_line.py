"""The installed command `gcsmttr`, run by tests as a user runs it for a stack on the emulator."""

import json
import subprocess
from typing import Any

from infra.local.deployment import GCSMTTR, Deployment, environment_of
from tests.support.paths import ROOT


def gcsmttr(
    deployment: Deployment, *arguments: str, token: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command for a deployment, with a token for GitHub. The result can be a failure."""
    environment = environment_of(deployment.endpoint) | {"GCSMTTR_STACK": deployment.stack}
    if token is not None:
        environment["GITHUB_TOKEN"] = token
    return subprocess.run(
        [GCSMTTR, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def document(deployment: Deployment, *arguments: str) -> Any:
    """Return the JSON document that a command prints when it succeeds."""
    done = gcsmttr(deployment, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
