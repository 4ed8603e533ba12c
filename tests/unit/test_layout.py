"""The layout rules of the product's packages: short modules, and few of them in a folder."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.support.packages import PACKAGES
from tests.support.paths import ROOT

MAX_LINES = 250
MEDIAN_LINES = 100
MAX_MODULES = 12

LARGE_FOLDERS: dict[str, str] = {
    "graphql_api/schema": "one module for each type of the schema",
    "infra/constructs": "one module for each part of the stack",
}
"""Folders with more modules, each with the reason."""

each_package = pytest.mark.parametrize("package", PACKAGES)


@each_package
def test_modules_have_at_most_250_lines(package: str) -> None:
    lengths = {str(module): lines_of(module) for module in modules(package)}
    assert {module: lines for module, lines in lengths.items() if lines > MAX_LINES} == {}


def test_median_module_has_fewer_than_100_lines() -> None:
    lengths = [
        lines_of(module)
        for package in PACKAGES
        for module in modules(package)
        if module.name != "__init__.py"
    ]
    assert median(lengths) < MEDIAN_LINES


def test_folders_have_at_most_twelve_modules_or_a_reason() -> None:
    counts = Counter(
        module.parent.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for module in modules(package)
        if module.name != "__init__.py"
    )
    large = {folder for folder, count in counts.items() if count > MAX_MODULES}
    assert large == set(LARGE_FOLDERS)


def modules(package: str) -> Iterator[Path]:
    return (ROOT / package).rglob("*.py")


def lines_of(module: Path) -> int:
    return len(module.read_text(encoding="utf-8").splitlines())
