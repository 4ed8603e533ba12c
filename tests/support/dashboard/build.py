"""Builds a page as a deployment does."""

import subprocess
from pathlib import Path

from tests.support.paths import ROOT


def build(page: str, folder: Path) -> Path:
    """Build the page `dashboard` or `graphiql` into a folder, and return the folder."""
    command = ["npm", "run", "--silent", f"build:{page}", "--", "--outDir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder
