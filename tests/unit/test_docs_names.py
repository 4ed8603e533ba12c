"""Paths, modules and names in code font on the pages for people exist in the project."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from operations.remedies import REMEDIES
from tests.support.packages import PACKAGES
from tests.support.paths import ROOT

PAGES = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    ROOT / "examples" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)
SOURCES = ("*.py", "*.graphql", "*.sh", "*.ts", "*.js", "*.jsx", "*.toml")

OLD_NAMES = {
    "CHANGELOG.md": {"Date"},
}
"""Names on a page that the project no longer has, because the page describes the past."""

COMPOSED_NAMES = re.compile(r"unknown_(?P<kind>\w+)|(?P<output>\w+)Url")
"""Names that the code composes: reasons of warnings, and outputs of the stack. It also composes the
names of alarms, which are the keys of the table of remedies."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@each_page
def test_paths_exist(page: Path) -> None:
    assert wrong_paths(page.read_text(), folder=page.parent) == []


@each_page
def test_modules_and_their_names_exist(page: Path) -> None:
    assert wrong_modules(page.read_text()) == []


@each_page
def test_names_given_with_a_module_are_defined_in_it(page: Path) -> None:
    assert wrong_definitions(page.read_text()) == []


@each_page
def test_names_occur_in_the_code(page: Path) -> None:
    old = OLD_NAMES.get(page.name, set())
    assert [name for name in wrong_names(page.read_text()) if name not in old] == []


def test_wrong_paths_and_names_are_found() -> None:
    path, module, name = "`ingest/gone.py`", "`rollup.metrics.gone`", "`Gone` in `ingest/terms.py`"
    assert wrong_paths(f"{path}, `gone.graphql`", folder=ROOT) == ["ingest/gone.py", "gone.graphql"]
    assert wrong_modules(f"{module}, `ingest.terms.Gone`") == [
        "rollup.metrics.gone",
        "ingest.terms.Gone",
    ]
    assert wrong_definitions(name) == ["Gone in ingest/terms.py"]
    assert wrong_names("`noSuchField`, `noSuchFunction()`") == ["noSuchField", "noSuchFunction"]


def test_readme_lists_every_package() -> None:
    page = (ROOT / "README.md").read_text()
    folders = page[page.index("| folder | content |") :]
    assert {*PACKAGES} <= set(re.findall(r"`(\w+)`", folders))


def test_layout_names_every_subpackage() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    named = {
        package: set(re.findall(r"`(\w+)`", subpackages))
        for package, subpackages in re.findall(r"^\| `(\w+)` \| (`.+) \|$", page, re.MULTILINE)
        if package in PACKAGES
    }
    assert named == {package: found for package in PACKAGES if (found := subpackages_of(package))}


def subpackages_of(package: str) -> set[str]:
    return {
        module.parent.name
        for module in (ROOT / package).glob("*/*.py")
        if module.name == "__init__.py"
    }


def wrong_paths(text: str, *, folder: Path) -> list[str]:
    """Return the paths in a text that exist neither in the project nor beside the page.

    `NAME` in a path is for the reader to choose, so only its folder must exist.
    """
    top = {entry.name for entry in ROOT.iterdir()} - ignored()
    wrong = []
    for span in spans(text):
        path = span.split()[0].removesuffix("NAME.json")
        first, slash, _ = path.partition("/")
        is_file = re.fullmatch(r"[\w-]+\.(graphql|json|md|py|sh|toml|ts|yml)", path)
        is_path = first in top if slash else bool(is_file)
        if is_path and not any((base / path).exists() for base in (ROOT, folder)):
            wrong.append(path)
    return wrong


def wrong_modules(text: str) -> list[str]:
    """Return the dotted names of the product's packages in a text that cannot be imported."""
    dotted = re.compile(rf"(?<![\w./])(?:{'|'.join(PACKAGES)})(?:\.\w+)+")
    found = [name for span in spans(text) for name in dotted.findall(span)]
    return [name for name in found if not can_be_imported(name)]


def can_be_imported(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        module, _, attribute = name.rpartition(".")
        return "." in name and can_be_imported(module) and hasattr(import_module(module), attribute)
    return True


def wrong_definitions(text: str) -> list[str]:
    """Return the pairs "`name` in `path.py`" whose module does not define the name."""
    pairs = re.findall(r"`(\w+)`(?: \w+)? in\s+`([\w/]+\.py)`", text)
    return [f"{name} in {path}" for name, path in pairs if name not in definitions(ROOT / path)]


def definitions(module: Path) -> set[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }


def wrong_names(text: str) -> list[str]:
    """Return the identifiers in a text that are in no source of the project."""
    found = [
        name for span in spans(text) for name in re.findall(r"^([A-Za-z_]\w*)(?:\(.*\))?$", span)
    ]
    # `test_docs` compares the names of tests.
    return [name for name in found if not name.startswith("test_") and not is_in_code(name)]


def is_in_code(name: str) -> bool:
    composed = COMPOSED_NAMES.fullmatch(name)
    part = composed and (composed["kind"] or composed["output"])
    return name in words() or part in words() or name in REMEDIES


def spans(text: str) -> Iterator[str]:
    """Yield the text of each code span outside of code blocks."""
    prose = re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", prose)


@cache
def words() -> frozenset[str]:
    return frozenset(re.findall(r"[A-Za-z_]\w*", code()))


@cache
def code() -> str:
    folders = [ROOT / name for name in (*PACKAGES, "examples/queries", "examples/python")]
    files = [ROOT / name for name in ("schema.graphql", "Makefile", "pyproject.toml", "cdk.json")]
    files += [file for folder in folders for pattern in SOURCES for file in folder.rglob(pattern)]
    files += (ROOT / "tests").rglob("*hostile_*.py")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def ignored() -> set[str]:
    """Return the folders of the root that are not part of the project."""
    lines = (ROOT / ".gitignore").read_text().splitlines()
    return {".git", *(line.strip("/") for line in lines)}
