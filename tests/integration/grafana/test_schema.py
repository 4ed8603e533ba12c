"""The dashboard against the types of Grafana's own schema, by TypeScript."""

import json
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.support.grafana.panels import DASHBOARD
from tests.support.paths import ROOT

FORMS = ROOT / "tests" / "support" / "grafana" / "forms.ts"
TSC = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
OPTIONS = ("--noEmit", "--strict", "--skipLibCheck", "--module", "esnext")


def errors_of(dashboard: dict[str, Any], folder: Path) -> str:
    """Return what the type checker reports about a dashboard."""
    panels = [
        {
            "type": panel["type"],
            "options": panel["options"],
            "defaults": panel["fieldConfig"]["defaults"],
            "custom": panel["fieldConfig"]["defaults"].get("custom", {}),
        }
        for panel in dashboard["panels"]
    ]
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    shutil.copy(FORMS, folder)
    (folder / "dashboard.ts").write_text(
        "import type { Panel, Whole } from './forms';\n"
        f"export const dashboard: Whole = {json.dumps(dashboard)};\n"
        f"export const panels: readonly Panel[] = {json.dumps(panels)};\n"
    )
    command = ["node", str(TSC), *OPTIONS, "--moduleResolution", "bundler", "dashboard.ts"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode == 0) == (not done.stdout), done.stderr
    return done.stdout


def test_dashboard_has_the_types_of_the_schema(tmp_path: Path) -> None:
    assert errors_of(DASHBOARD, tmp_path) == ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schemaVersion",), "41"),
        (("templating", "list", 2, "multy"), True),
        (("templating", "list", 2, "type"), "choice"),
        (("panels", 0, "options", "textMode"), "number"),
        (("panels", 6, "fieldConfig", "defaults", "custom", "drawStyle"), "curve"),
        (("panels", 9, "options", "xFields"), "Severity"),
        (("panels", 11, "fieldConfig", "defaults", "custom", "cellOptions"), "auto"),
    ],
)
def test_wrong_values_are_found(tmp_path: Path, path: tuple[str | int, ...], value: object) -> None:
    wrong = deepcopy(DASHBOARD)
    parent: Any = wrong
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    assert "error TS" in errors_of(wrong, tmp_path)
