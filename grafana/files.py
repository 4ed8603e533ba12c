"""The generated files, by their paths."""

import json
from pathlib import Path

from grafana.dashboard import dashboard
from grafana.yaml_files import DASHBOARDS, DATA_SOURCES

FOLDER = Path(__file__).parent / "provisioning"


def files() -> dict[Path, str]:
    """Return the text of each generated file."""
    return {
        FOLDER / "dashboards" / "gcsmttr.json": json.dumps(dashboard(), indent=2) + "\n",
        FOLDER / "dashboards" / "gcsmttr.yaml": DASHBOARDS,
        FOLDER / "datasources" / "gcsmttr.yaml": DATA_SOURCES,
    }
