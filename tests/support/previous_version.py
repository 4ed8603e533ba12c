"""The sources of the previous version, which wrote the layout before the present one.

Owns the commit of that version. A change of a stored layout moves it to the last commit before the
change. It must be able to deploy itself with the present tools.
"""

import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT

COMMIT = "3928b8ead794e160ff5397b18db775321b0de27b"
"""The last commit with rows of layout 2, which have no cohorts."""


def check_out(folder: Path) -> Path:
    """Return a checkout of the previous version in `folder`, with the present tools.

    Skips the test without the history: in an archive of a release, or in a shallow clone. Fails if
    a complete clone lacks the commit.
    """
    if not (ROOT / ".git").exists():
        pytest.skip("needs the history: this is not a Git repository")
    if _git("rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        pytest.skip("needs the history: this clone is shallow; run git fetch --unshallow")
    checkout = folder / "previous"
    checkout.mkdir(parents=True)
    archive = _git("archive", COMMIT)
    if archive.returncode:
        reason = archive.stderr.decode(errors="replace").strip()
        pytest.fail(f"the history lacks the previous version, commit {COMMIT}: {reason}")
    subprocess.run(["tar", "x"], cwd=checkout, input=archive.stdout, check=True)
    for name in (".venv", ".node", "node_modules"):
        if (ROOT / name).exists():
            (checkout / name).symlink_to((ROOT / name).resolve())
    return checkout


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
