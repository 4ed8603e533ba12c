"""A cold start enables garbage collection again, even if it fails."""

import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT

SUCCESS = """
import gc, os

from graphql_api import query_handler

assert gc.isenabled()
assert (gc.get_freeze_count() > 0) == (os.environ.get("GCSMTTR_ACCELERATORS") != "off")
"""

FAILURE = """
import gc, sys

from graphql_api.accelerators.garbage_collection import paused

try:
    with paused():
        assert not gc.isenabled()
        import graphql_api.no_such_module
except ModuleNotFoundError:
    pass
else:
    raise AssertionError
assert gc.isenabled()

sys.modules["graphql_api.schema.root"] = None
try:
    from graphql_api import query_handler
except ModuleNotFoundError:
    pass
else:
    raise AssertionError
assert gc.isenabled()
"""


@pytest.mark.parametrize("script", [SUCCESS, FAILURE], ids=["success", "failure"])
@pytest.mark.parametrize("setting", [{}, {"GCSMTTR_ACCELERATORS": "off"}], ids=["on", "off"])
def test_garbage_collection_is_enabled_after_cold_start(
    script: str, setting: dict[str, str]
) -> None:
    completed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **setting},
        check=False,
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 0, completed.stderr
