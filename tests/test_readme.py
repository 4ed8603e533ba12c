"""Every command of the README is one that a test runs, or says where it is run."""

import re
import subprocess
from pathlib import Path

from graphql import build_schema, parse, validate

ROOT = Path(__file__).parents[1]

HOW_TESTED = {
    "make run": "tests/e2e/test_make_run.py runs infra.local.run, all that the target does",
    "make test": "is what runs this test",
    "make deploy": "tests/e2e deploys the same app by the same two commands of the CDK",
    ".venv/bin/python -m graphql_api.access_keys create ci-dashboard"
    " --stack Gcsmttr": "tests/e2e makes its key by this command",
    ".venv/bin/python -m rollup.rebuild --check --all --stack Gcsmttr": "tests/e2e/test_rebuild.py",
}


def test_every_command_of_the_readme_is_run_by_a_test() -> None:
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    commands = {line for block in blocks for line in block.splitlines() if line}
    assert commands == set(HOW_TESTED)


def test_every_query_of_the_readme_is_valid() -> None:
    blocks = re.findall(r"```graphql\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert blocks
    schema = build_schema((ROOT / "schema.graphql").read_text())
    for block in blocks:
        assert validate(schema, parse(block)) == [], block


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(
        re.findall(r"(?:`|^)make ([a-z]+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    )
    for target in targets:
        done = subprocess.run(
            ["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
