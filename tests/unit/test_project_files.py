"""The files around the code: workflows, hooks and the changelog fit the project as it is."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import chain

from infra.settings.deployment import LAMBDA_PYTHONS
from tests.support.packages import PACKAGES
from tests.support.paths import ROOT

INSTALLED = tuple(package for package in PACKAGES if package not in {"bench", "grafana"})
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


EXAMPLES = sorted((ROOT / "examples" / "github-actions").glob("*.yml"))


def test_workflows_pin_actions_by_commit() -> None:
    assert WORKFLOWS
    assert EXAMPLES
    for workflow in (*WORKFLOWS, *EXAMPLES):
        for action in re.findall(r"uses: (.+)", workflow.read_text()):
            assert re.fullmatch(r"\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), (workflow, action)


def test_ci_runs_every_python_that_lambda_offers() -> None:
    (matrix,) = re.findall(r"python: \[(.+)\]", (ROOT / ".github/workflows/ci.yml").read_text())
    versions = tuple(
        tuple(map(int, version.split("."))) for version in re.findall(r"[\d.]+", matrix)
    )
    assert versions == LAMBDA_PYTHONS


def test_newest_releases_are_those_of_declared_dependencies() -> None:
    workflow = (ROOT / ".github/workflows/newest-releases.yml").read_text()
    (packages,) = re.findall(r'make lock PACKAGES="(.+)"', workflow)
    locked = (ROOT / "requirements" / "dev.txt").read_text()
    for package in packages.split():
        assert re.search(rf"^{package}==", locked, re.MULTILINE), package


def test_commit_hooks_call_installed_tools_and_no_remote_repository() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert set(re.findall(r"repo: (\S+)", hooks)) == {"local"}
    entries = re.findall(r"entry: (\S+)", hooks)
    assert entries
    for entry in entries:
        assert (ROOT / entry).exists(), entry


def test_changelog_is_in_keep_a_changelog_form() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    releases = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    assert releases[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", one) for one in releases[1:])
    kinds = set(re.findall(r"^### (.+)$", changelog, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_version_is_the_newest_one_of_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    released = re.findall(r"^## \[(\d.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert version == released[0]


def test_imported_packages_are_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    requirements = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    declared = {re.split(r"[\[>=]", requirement)[0] for requirement in requirements}
    assert imported_packages() == declared


def imported_packages() -> set[str]:
    """Return the third-party distributions that the installed packages import."""
    modules = {
        name.partition(".")[0]
        for package in INSTALLED
        for file in (ROOT / package).rglob("*.py")
        for name in imports(ast.parse(file.read_text(encoding="utf-8")))
    }
    distributions = packages_distributions()
    return {
        distributions[module][0].lower().replace("_", "-")
        for module in modules - sys.stdlib_module_names - {*PACKAGES}
        if not module.startswith("types_boto3")
    }


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
