"""The app as the CDK command line starts it."""

import json
import os
import subprocess
import sys

from tests.support.paths import ROOT


def test_app_prints_an_invalid_setting_and_fails() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "CDK_CONTEXT_JSON": json.dumps({"emulator": "perhaps"})},
    )

    assert done.returncode == 1
    assert "emulator = 'perhaps': must be true or false" in done.stderr
    assert "Traceback" not in done.stderr
