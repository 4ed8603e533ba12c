"""The sizes of the bundles, measured. `python -m bench.cost.bundle_sizes` prints them anew.

A bundle is built for Lambda with the default settings, but for this Python. Building needs a
package index, so the tables take the sizes from here.
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.bundles.build import build
from infra.bundles.bundle import BUNDLES
from infra.config import config_from

MEASURED = "2026-11-30"
"""The day, with Python 3.11."""
SIZES_MB = {
    "ingest": (4.4, 12.3),
    "rollup": (4.2, 12.1),
    "query": (12.6, 36.2),
    "graphiql": (3.5, 5.8),
    "github": (11.5, 33.4),
}
"""The sizes as deployed (zip), in 10^6 bytes, and those of their files."""


def measured() -> dict[str, tuple[float, float]]:
    """Build all bundles and return their sizes."""
    running = sys.version_info[:2]
    config = config_from({"python": "{}.{}".format(*running)}, python=running)
    return {one.name: _sizes_mb(build(one, config).path) for one in BUNDLES}


def _sizes_mb(folder: Path) -> tuple[float, float]:
    with TemporaryDirectory() as temporary:
        archive = Path(shutil.make_archive(str(Path(temporary, "code")), "zip", folder))
        packed = archive.stat().st_size
    files = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    return round(packed / 1e6, 1), round(files / 1e6, 1)


if __name__ == "__main__":
    print(measured())
