"""The functions run with the package versions that the tests use, pinned by hash."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from infra.bundles.bundle import BUNDLES, PACKAGES, Bundle
from infra.bundles.import_closure import import_closure
from tests.support.paths import ROOT

REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted((REQUIREMENTS / "bundles").glob("*.txt"))


def versions(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text(), re.MULTILINE))


def test_each_bundle_has_a_lock_and_each_lock_a_bundle() -> None:
    assert {lock.stem for lock in LOCKS} == {bundle.name for bundle in BUNDLES}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_lock_of_a_bundle_pins_the_tested_versions(lock: Path) -> None:
    tested = versions(REQUIREMENTS / "dev.txt")
    pinned = versions(lock)

    assert pinned
    assert pinned == {name: tested[name] for name in pinned}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_lock_contains_the_declared_packages(lock: Path) -> None:
    declared = re.findall(r"^[a-z][a-z0-9-]*", lock.with_suffix(".in").read_text(), re.MULTILINE)

    assert set(declared) <= versions(lock).keys()


def imported(bundle: Bundle) -> set[str]:
    """Return the distributions that a bundle's modules import directly."""
    names: set[str] = set()
    for path in import_closure(bundle.handlers, bundle.packages, root=ROOT):
        for node in ast.walk(ast.parse((ROOT / path).read_bytes())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    ours = {*PACKAGES, *sys.stdlib_module_names}
    # mypy alone reads the packages of types.
    packages = {name for name in names - ours if not name.startswith("types_boto3")}
    found = packages_distributions()
    return {found[name][0].lower().replace("_", "-") for name in packages}


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.name)
def test_bundle_declares_what_it_imports(bundle: Bundle) -> None:
    asked = (REQUIREMENTS / "bundles" / f"{bundle.name}.in").read_text().splitlines()[1:]
    names = {line.partition("[")[0] for line in asked}
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    tested = (REQUIREMENTS / "dev.in").read_text().splitlines()

    assert imported(bundle) == names
    assert set(asked) <= {re.split(r"[>=]", line)[0] for line in declared}
    assert names <= {line.partition("[")[0] for line in tested}


@pytest.mark.parametrize("lock", sorted(REQUIREMENTS.rglob("*.txt")), ids=lambda lock: lock.stem)
def test_each_requirement_has_a_hash_and_no_lock_names_a_registry(lock: Path) -> None:
    text = lock.read_text()
    requirements = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]

    assert all("--hash=sha256:" in requirement for requirement in requirements)
    assert "://" not in text
    assert "index-url" not in text.replace("--no-emit-index-url", "")


def test_setup_installs_with_the_uv_that_builds_the_bundles() -> None:
    assert versions(REQUIREMENTS / "uv.txt") == {"uv": versions(REQUIREMENTS / "dev.txt")["uv"]}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_bundle_contains_no_deployment_tools(lock: Path) -> None:
    assert not {"aws-cdk-lib", "constructs", "jsii", "pytest", "moto"} & versions(lock).keys()
