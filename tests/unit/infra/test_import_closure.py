"""The modules that a handler imports, found in its source."""

from pathlib import Path

import pytest

from infra.bundles.errors import MissingModuleError
from infra.bundles.import_closure import import_closure

PACKAGES = ("closure_below", "closure_above")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sources = {
        "closure_below/__init__.py": "",
        "closure_below/terms.py": "import json",
        "closure_below/event.py": "from closure_below.terms import json\nfrom . import words",
        "closure_below/words.py": "",
        "closure_below/edge.py": "import boto3\nfrom closure_below import event",
        "closure_below/lazy.py": "def f() -> None:\n    import closure_below.terms",
        "closure_below/unused.py": "",
        "closure_above/__init__.py": "from closure_below import words",
        "closure_above/step.py": "from closure_below.terms import json",
    }
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def names(root: Path, *handlers: str) -> set[str]:
    return {path.as_posix() for path in import_closure(handlers, PACKAGES, root=root)}


def test_closure_contains_direct_and_indirect_imports_only(root: Path) -> None:
    assert names(root, "closure_below.edge") == {
        "closure_below/__init__.py",
        "closure_below/edge.py",
        "closure_below/event.py",
        "closure_below/terms.py",
        "closure_below/words.py",
    }


def test_closure_follows_imports_into_other_packages_and_their_init_modules(root: Path) -> None:
    assert names(root, "closure_above.step") == {
        "closure_above/__init__.py",
        "closure_above/step.py",
        "closure_below/__init__.py",
        "closure_below/terms.py",
        "closure_below/words.py",
    }


def test_closure_contains_imports_inside_functions(root: Path) -> None:
    assert "closure_below/terms.py" in names(root, "closure_below.lazy")


def test_missing_handler_module_is_an_error_that_names_it(root: Path) -> None:
    with pytest.raises(MissingModuleError, match=r"needs closure_below\.gone"):
        names(root, "closure_below.gone", "closure_below.edge")
