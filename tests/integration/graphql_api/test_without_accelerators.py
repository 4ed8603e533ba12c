"""The API's tests also pass without accelerators: on the stock parts of the libraries."""

import os
import subprocess
import sys

from graphql_api.accelerators import SETTING
from tests.support.paths import ROOT

MODULES = (
    "ages",
    "alert_details",
    "alert_lists",
    "bad_requests",
    "budget",
    "caching",
    "changes",
    "cwes",
    "cohorts",
    "http",
    "overviews",
    "pagination",
    "public_queries",
    "refusals",
    "rules",
    "scope",
    "service_levels",
    "warnings",
    "worked_example",
)
"""Test modules about lists, series, totals, errors, limits and HTTP."""


def test_api_passes_its_tests_without_accelerators() -> None:
    files = [f"tests/unit/graphql_api/test_{module}.py" for module in MODULES]
    completed = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--show-capture=no", *files],
        cwd=ROOT,
        env={**os.environ, SETTING: "off"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 0, completed.stdout[-5_000:]
