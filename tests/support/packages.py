"""The project's packages, as the import contracts in pyproject.toml list them."""

import tomllib

from tests.support.paths import ROOT


def _root_packages() -> tuple[str, ...]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return tuple(project["tool"]["importlinter"]["root_packages"])


PACKAGES = _root_packages()
