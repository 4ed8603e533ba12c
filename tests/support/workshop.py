"""A copy of examples/ to generate and build in, with the schema beside it as in the checkout."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import ROOT

CODEGEN = ROOT / ".codegen-venv" / "bin"


@dataclass(frozen=True, slots=True)
class Workshop:
    """The copy; its TypeScript finds the packages that were installed in the checkout."""

    folder: Path

    @classmethod
    def copied_to(cls, folder: Path) -> "Workshop":
        """Copy what a reader of the examples has, and nothing that was generated or installed."""
        shutil.copy(ROOT / "schema.graphql", folder)
        made = shutil.ignore_patterns("node_modules", "generated", "build", "gcsmttr_client")
        shutil.copytree(ROOT / "examples", folder / "examples", ignore=made)
        packages = ROOT / "examples" / "typescript" / "node_modules"
        (folder / "examples" / "typescript" / "node_modules").symlink_to(packages)
        return cls(folder / "examples")

    def run(self, *command: str, within: str, environment: Mapping[str, str] | None = None) -> str:
        """Run a command in one of the folders and return its output; it must succeed."""
        done = run(*command, folder=self.folder / within, environment=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def build_typescript(self) -> Path:
        """Generate the types, compile strictly, and return the folder of what was compiled."""
        self.run("npm", "run", "--silent", "generate", within="typescript")
        self.run("npm", "run", "--silent", "build", within="typescript")
        return self.folder / "typescript" / "build"

    def generate_python(self) -> Path:
        """Generate the Python client and return its package."""
        config = ("--config", "ariadne-codegen.toml")
        self.run(str(CODEGEN / "ariadne-codegen"), "client", *config, within="python")
        return self.folder / "python" / "gcsmttr_client"


def run(
    *command: str, folder: Path = ROOT, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command with the checkout's own Node before any other."""
    path = f"{ROOT / '.node' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
