"""The built page: its size, and what its policy needs. The types and tests of its parts pass."""

import gzip
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT

MOST_SCRIPT_BYTES = 150_000


def test_script_is_small(built: Path) -> None:
    scripts = list(built.rglob("*.js.gz"))
    assert scripts
    assert sum(script.stat().st_size for script in scripts) <= MOST_SCRIPT_BYTES


def test_document_has_no_inline_script_or_style(built: Path) -> None:
    document = gzip.decompress((built / "index.html.gz").read_bytes()).decode()
    assert re.findall(r"<script[^>]*>([^<]*)</script>", document) == [""]
    assert not re.search(r"<style|\sstyle=|\son\w+=|https?:", document)


def test_names_of_assets_contain_their_hash(built: Path) -> None:
    assets = [file.name for file in (built / "dashboard").iterdir()]
    assert len(assets) >= 3
    assert [name for name in assets if not re.search(r"-[\w-]{8}\.\w+\.gz$", name)] == []


@pytest.mark.parametrize("script", ["dashboard:check", "dashboard:test"])
def test_types_are_up_to_date_and_parts_work(script: str) -> None:
    done = subprocess.run(
        ["npm", "run", "--silent", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
