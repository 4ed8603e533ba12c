"""The pages for people: commands are tested, queries are valid, links and names lead somewhere."""

import re
import subprocess
from pathlib import Path

import click
import pytest
from graphql import build_schema, parse, validate

from operations.cli.app import app
from tests.screenshots.pictures import PICTURES
from tests.support.paths import ROOT

DECISIONS = ROOT / "docs" / "decisions"
PAGES = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
LINKED = (*PAGES, ROOT / "examples" / "README.md", ROOT / "action" / "README.md")

MAX_PICTURE_BYTES = 150_000
"""Pictures are downloaded with each clone and each visit of the README."""

each_page = pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))

HOW_TESTED = {
    "aws ssm delete-parameter --name /gcsmttr/Gcsmttr/hook-ranges": (
        "test_pipeline.py in tests/integration/infra checks the name; the command is one of AWS"
    ),
    "make run": "tests/e2e/infra/test_make_run.py runs infra.local.run, all that the target does",
    "make test": "is what runs this test",
    "make check": "its commands are the first ones of make test",
    "make format": "ruff, which make test runs as a check",
    "make schema": "test_schema.py, test_reference.py and test_files.py compare its output",
    "make chaos": "tests/e2e/chaos runs a trial of it; the whole takes most of an hour",
    'make chaos TRIALS="killed-before throttled+repeated"': "tests/e2e/chaos runs a trial of it",
    "make bootstrap": "tests/e2e bootstraps by the same command of the CDK",
    "make deploy": "tests/e2e deploys the same app by the same command of the CDK",
    "make bootstrap DEPLOYMENT=production": "tests/unit/infra/test_deployment_file.py",
    "make diff DEPLOYMENT=production": "tests/unit/infra/test_deployment_file.py",
    "make deploy DEPLOYMENT=production": "tests/unit/infra/test_deployment_file.py",
    "export PATH=$PWD/.venv/bin:$PATH PYTHONPATH=$PWD": "is what the Makefile exports",
    "pytest tests/unit/rollup/test_ratios.py": "a part of make test",
    "pytest tests/unit -k reopened": "a part of make test",
    "export PATH=$PWD/.venv/bin:$PATH": "is a part of what the Makefile exports",
    ".venv/bin/gcsmttr keys create ci-dashboard"
    " --stack Gcsmttr": "infra.local.deployment makes the key of tests/e2e by this command",
    ".venv/bin/gcsmttr keys create acme-grafana --organisation acme --expires 90d"
    " --stack Gcsmttr": "test_key_is_limited_to_its_organisations in tests/e2e/graphql_api",
    ".venv/bin/gcsmttr badges create --repository octo-org/web --metric median"
    " --stack Gcsmttr": "test_badges.py in tests/e2e/graphql_api, with other options",
    'make deploy CONTEXT="-c oidcOwners=9919=octo-org,9919=octo-labs"': (
        "tests/unit/infra/test_config.py reads this setting; make deploy, see above"
    ),
    ".venv/bin/gcsmttr connect --organisation octo-org --stack Gcsmttr": (
        "tests/e2e/operations/test_connect.py"
    ),
    ".venv/bin/gcsmttr backfill --organisation octo-org"
    " --stack Gcsmttr": "tests/e2e/operations/test_backfill.py",
    ".venv/bin/gcsmttr verify --all --stack Gcsmttr": "tests/e2e/operations/test_overviews.py",
    ".venv/bin/gcsmttr repair --all --stack Gcsmttr": (
        "tests/integration/operations/overviews/test_upgrade.py and test_overviews.py in tests/e2e"
    ),
    ".venv/bin/gcsmttr replay --from 2026-11-23T09:00:00Z --to 2026-11-23T11:00:00Z"
    " --stack Gcsmttr": "tests/e2e/operations/test_replay.py replays another period",
    ".venv/bin/gcsmttr restore --at 2026-11-23T09:00:00Z"
    " --stack Gcsmttr": "tests/e2e/operations/test_restore.py, with another time",
    ".venv/bin/gcsmttr redrive repository --dry-run --stack Gcsmttr": (
        "tests/e2e/operations/test_redrive.py"
    ),
    ".venv/bin/gcsmttr doctor --stack Gcsmttr": "tests/e2e/operations/test_doctor.py",
    ".venv/bin/gcsmttr status --stack Gcsmttr": "tests/e2e/operations/test_status.py",
    ".venv/bin/gcsmttr redeliver --since 2d --stack Gcsmttr": (
        "tests/integration/operations/cli/test_redeliver.py"
    ),
}


def blocks(language: str) -> list[str]:
    """Every code block of a language, on all pages."""
    fenced = rf"^```{language}\n(.*?)^```"
    return [
        block
        for page in PAGES
        for block in re.findall(fenced, page.read_text(), re.DOTALL | re.MULTILINE)
    ]


def test_every_command_is_run_by_a_test() -> None:
    commands = {line for block in blocks("bash") for line in block.splitlines() if line}
    assert commands == set(HOW_TESTED)


def test_paths_in_commands_exist() -> None:
    for command in HOW_TESTED:
        for path in re.findall(r"tests/\S+", command):
            assert (ROOT / path).exists(), path


def test_every_query_is_valid() -> None:
    queries = blocks("graphql")
    assert queries
    schema = build_schema((ROOT / "schema.graphql").read_text())
    for query in queries:
        assert validate(schema, parse(query)) == [], query


def test_every_make_target_exists() -> None:
    texts = [page.read_text() for page in PAGES]
    target_name = re.compile(r"(?:`|^)make ([a-z]+)", re.MULTILINE)
    named = {name for text in texts for name in target_name.findall(text)}
    for target in named:
        done = subprocess.run(
            ["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_every_command_of_gcsmttr_exists() -> None:
    lines = {
        line
        for page in PAGES
        for line in re.findall(r"gcsmttr((?: [a-z]+)+)", page.read_text().replace("\n", " "))
    }
    assert lines
    for line in lines:
        command: click.Command = app
        for word in line.split():
            if not isinstance(command, click.Group):
                break
            assert word in command.commands, f"gcsmttr{line}"
            command = command.commands[word]


@each_page
def test_links_lead_to_a_file_and_a_heading(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if re.match(r"https?://", target):
            continue
        path, _, heading = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if heading:
            assert heading in anchors(file), target


def test_pictures_are_those_of_make_screenshots() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in LINKED
        for target in re.findall(r"!\[[^\]]+\]\(([^)\s]+)\)", page.read_text())
    }
    files = set((ROOT / "docs" / "images").iterdir())
    assert shown == files == {picture.file for picture in PICTURES}
    assert {file.name for file in files if file.stat().st_size > MAX_PICTURE_BYTES} == set()


@each_page
def test_files_that_are_named_exist(page: Path) -> None:
    folders = "bench|docs|examples|graphql_api|infra|ingest|requirements|rollup|tests"
    for path in re.findall(rf"`((?:{folders})/[\w./-]*)`", page.read_text()):
        assert (ROOT / path).exists(), path


def anchors(page: Path) -> set[str]:
    """The fragments that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_each_control_of_the_threat_model_names_a_test_that_exists() -> None:
    text = (ROOT / "docs" / "security.md").read_text()
    named = re.findall(r"\[`(test_\w+)`\]\(\.\./(tests/[\w/]+\.py)\)", text)
    missing = [name for name, path in named if f"\ndef {name}(" not in (ROOT / path).read_text()]
    assert (missing, len(named)) == ([], len(re.findall(r"`test_\w+`", text)))
    for table in re.findall(r"^\|.*shown by \|\n\|.*\n((?:\|.*\n)+)", text, re.MULTILINE):
        for row in table.splitlines():
            assert "`test_" in row, row


def test_decisions_have_a_number_and_the_three_headings() -> None:
    records = sorted(DECISIONS.glob("[0-9]*.md"))
    assert [record.name[:4] for record in records] == [
        f"{number:04}" for number in range(1, len(records) + 1)
    ]
    for number, record in enumerate(records, 1):
        text = record.read_text()
        assert text.startswith(f"# {number}. "), record
        assert re.findall("^## (.+)$", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
        ], record
        assert 10 <= len(text.splitlines()) <= 25, record


def test_indexes_list_every_page() -> None:
    docs = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert docs <= links(ROOT / "docs" / "README.md")
    records = {record.name for record in DECISIONS.glob("[0-9]*.md")}
    assert records == links(DECISIONS / "README.md")


def links(page: Path) -> set[str]:
    """Every target of a page's links."""
    return set(re.findall(r"\]\(([^)\s]+)\)", page.read_text()))
