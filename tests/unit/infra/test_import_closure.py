"""A bundle's own modules are found by following imports."""

from pathlib import Path

import pytest

from infra.import_closure import MissingModuleError, import_closure


@pytest.fixture
def root(tmp_path: Path) -> Path:
    sources = {
        "ingest/__init__.py": "",
        "ingest/terms.py": "import json",
        "ingest/event.py": "from ingest.terms import json\nfrom . import words",
        "ingest/words.py": "",
        "ingest/edge.py": "import boto3\nfrom ingest import event",
        "ingest/lazy.py": "def f() -> None:\n    import ingest.terms",
        "ingest/unused.py": "",
        "ingest/broken.py": "import ingest.gone",
        "rollup/__init__.py": "",
        "rollup/rollup_step.py": "from ingest.terms import json",
    }
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def names(root: Path, *modules: str) -> set[str]:
    return {path.as_posix() for path in import_closure(modules, root=root)}


def test_all_that_is_imported_is_found_and_nothing_else(root: Path) -> None:
    assert names(root, "ingest.edge") == {
        "ingest/__init__.py",
        "ingest/edge.py",
        "ingest/event.py",
        "ingest/terms.py",
        "ingest/words.py",
    }


def test_imports_are_followed_into_other_packages(root: Path) -> None:
    assert names(root, "rollup.rollup_step") == {
        "rollup/__init__.py",
        "rollup/rollup_step.py",
        "ingest/__init__.py",
        "ingest/terms.py",
    }


def test_an_import_inside_a_function_counts(root: Path) -> None:
    assert "ingest/terms.py" in names(root, "ingest.lazy")


@pytest.mark.parametrize("module", ["ingest.broken", "ingest.gone"])
def test_a_module_that_is_not_there_is_named(root: Path, module: str) -> None:
    with pytest.raises(MissingModuleError, match=r"ingest\.gone is needed"):
        import_closure([module], root=root)
