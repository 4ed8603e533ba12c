"""A copy of the examples, in which tests generate and build clients."""

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
    """The copy. Its TypeScript code uses the packages that are installed in the checkout."""

    folder: Path

    @classmethod
    def copied_to(cls, folder: Path) -> "Workshop":
        """Copy the examples and the schema, without generated or installed files."""
        shutil.copy(ROOT / "schema.graphql", folder)
        generated = shutil.ignore_patterns("node_modules", "generated", "build", "gcsmttr_client")
        shutil.copytree(ROOT / "examples", folder / "examples", ignore=generated)
        packages = ROOT / "examples" / "typescript" / "node_modules"
        (folder / "examples" / "typescript" / "node_modules").symlink_to(packages)
        return cls(folder / "examples")

    def run(self, *command: str, within: str, environment: Mapping[str, str] | None = None) -> str:
        """Run a command in a folder of the examples and return its output. It must succeed."""
        completed = run(*command, folder=self.folder / within, environment=environment)
        assert completed.returncode == 0, completed.stdout + completed.stderr
        return completed.stdout

    def build_typescript(self) -> Path:
        """Generate the types, compile in strict mode, and return the folder of the result."""
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
    """Run a command. The Node of the checkout is the first one on the path."""
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
