"""What the functions run from: folders of pinned third-party wheels and the project's own modules.

A bundle holds what its functions import and nothing else, compiled. It is built without Docker,
from prebuilt wheels of the platform that it is deployed to, and kept below the bundle directory
under a name made of everything that went into it: what has not changed is not built again.
Never resolves versions: `requirements/bundles/<name>.txt` pins them, with hashes.
"""

import compileall
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode

from infra.config import Config
from infra.import_closure import import_closure
from infra.settings import ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The functions that share a folder, and what else than their imports belongs in it."""

    name: str
    handlers: tuple[str, ...]
    services: tuple[str, ...] = ()
    """The AWS services whose descriptions botocore needs."""
    front_end: Path | None = None
    """Where the built page belongs, if it is served from here."""


INGEST = Bundle(
    name="ingest",
    handlers=(
        "ingest.authorizer_handler",
        "ingest.refresher_handler",
        "ingest.receiver_handler",
        "ingest.recorder_handler",
    ),
    services=("dynamodb", "events", "secretsmanager", "ssm"),
)
ROLLUP = Bundle(
    name="rollup",
    handlers=(
        "rollup.alert_stream_handler",
        "rollup.repository_queue_handler",
        "rollup.repository_stream_handler",
        "rollup.organisation_queue_handler",
    ),
    services=("dynamodb", "sqs"),
)
QUERY = Bundle(name="query", handlers=("graphql_api.query_handler",), services=("dynamodb",))
GRAPHIQL = Bundle(
    name="graphiql",
    handlers=("graphql_api.graphiql.handler",),
    front_end=Path("graphql_api", "graphiql", "dist"),
)
BUNDLES = (INGEST, ROLLUP, QUERY, GRAPHIQL)

UNUSED = (
    "**/tests",
    "**/*.pyi",
    "**/py.typed",
    "*.dist-info",
    "bin",
    "boto3/data",
    "boto3/examples",
    "botocore/data/*/*/examples-1.json",
    "aws_lambda_powertools/event_handler",
    "strawberry/cli",
)
"""What wheels bring along and no function of ours reads at run time."""

FRONT_END_SOURCES = (
    *(f"graphql_api/graphiql/*.{ending}" for ending in ("css", "html", "js", "jsx")),
    "examples/queries/*.graphql",
    "package.json",
    "package-lock.json",
)
"""What the page is made of."""


class BundleError(Exception):
    """A bundle could not be built; the message says which, and why."""


@dataclass(frozen=True, slots=True)
class Built:
    """A bundle on the disk, and the digest of all that it was made from."""

    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Wheels:
    """Whose wheels to take: those of this machine (`tags` is empty), or of other platforms."""

    tags: tuple[str, ...]
    python: tuple[int, int]


def wheels_of(config: Config) -> Wheels:
    """The wheels that fit the place, newest C library first.

    Lambda's Python 3.11 runs on Amazon Linux 2 (glibc 2.26), later ones on Amazon Linux 2023
    (glibc 2.34).
    """
    if config.place.wheels_for_host:
        return Wheels((), config.python)
    newest = 26 if config.python == (3, 11) else 34
    versions = [f"manylinux_2_{minor}_aarch64" for minor in range(newest, 16, -1)]
    return Wheels((*versions, "manylinux2014_aarch64"), config.python)


def build(bundle: Bundle, config: Config, *, root: Path = ROOT) -> Built:
    """The bundle's folder, built now unless one of the same content is there.

    Raises BundleError, and MissingModuleError if one of its modules does not exist.
    """
    sources = import_closure(bundle.handlers, root=root)
    parts = {Path(): _build_packages(bundle, config, root)}
    if bundle.front_end is not None:
        parts[bundle.front_end] = _build_front_end(config, root)
    digest = _digest(*(part.digest for part in parts.values()), *_contents(sources, root))

    def fill(folder: Path) -> None:
        for place, part in parts.items():
            target = folder / place
            shutil.copytree(part.path, target, dirs_exist_ok=True, copy_function=os.link)
        for file in sources:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / file, folder / file)
        for package in {file.parts[0] for file in sources}:
            _compile(folder / package, folder)

    return _kept(config.bundle_dir / f"{bundle.name}-{digest[:16]}", digest, fill)


def _build_packages(bundle: Bundle, config: Config, root: Path) -> Built:
    lock = root / "requirements" / "bundles" / f"{bundle.name}.txt"
    wheels = wheels_of(config)
    recipe = Path(__file__).read_bytes()
    parts = (lock.read_bytes(), recipe, repr((wheels, bundle.services, sys.platform)).encode())
    digest = _digest(importlib.util.MAGIC_NUMBER.hex(), *parts)

    def fill(folder: Path) -> None:
        _install(lock, wheels, folder)
        _prune(folder, bundle.services)
        _compile(folder, folder)

    return _kept(config.bundle_dir / "packages" / f"{bundle.name}-{digest[:16]}", digest, fill)


def _install(lock: Path, wheels: Wheels, folder: Path) -> None:
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile", "--quiet"]
    options += ["--disable-pip-version-check", "--no-input", "--target", str(folder)]
    if wheels.tags:
        version = "{}{}".format(*wheels.python)
        options += ["--implementation", "cp", "--python-version", version]
        options += [part for tag in wheels.tags for part in ("--platform", tag)]
        options += [part for abi in (f"cp{version}", "abi3", "none") for part in ("--abi", abi)]
    command = [sys.executable, "-m", "pip", "install", *options, "-r", str(lock)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode != 0:
        raise BundleError(f"pip could not install {lock}:\n{done.stderr.strip()}")


def _prune(folder: Path, services: Iterable[str]) -> None:
    for unused in [path for pattern in UNUSED for path in folder.glob(pattern)]:
        _remove(unused)
    data = folder / "botocore" / "data"
    descriptions = [path for path in data.iterdir() if path.is_dir()] if data.is_dir() else []
    for description in descriptions:
        if description.name not in services:
            _remove(description)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _compile(part: Path, folder: Path) -> None:
    """Write .pyc files that are never checked against their source: Lambda's disk is read-only."""
    compiled = compileall.compile_dir(
        part,
        quiet=2,
        stripdir=folder,
        prependdir="/var/task",
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )
    if not compiled:
        raise BundleError(f"{part} holds a file that Python {sys.version} cannot compile")


def _build_front_end(config: Config, root: Path) -> Built:
    found = {file for pattern in FRONT_END_SOURCES for file in root.glob(pattern) if file.is_file()}
    digest = _digest(*_contents({file.relative_to(root) for file in found}, root))

    def fill(folder: Path) -> None:
        command = ["npm", "run", "--silent", "build:graphiql", "--", "--outDir", str(folder)]
        try:
            subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)  # noqa: S603
        except FileNotFoundError as error:
            raise BundleError(
                "npm is needed to build GraphiQL: install Node, then `npm ci`"
            ) from error
        except subprocess.CalledProcessError as error:
            raise BundleError(f"`{' '.join(command)}` failed:\n{error.stderr.strip()}") from error

    return _kept(config.bundle_dir / "front-end" / digest[:16], digest, fill)


def _contents(files: Iterable[Path], root: Path) -> Iterable[bytes]:
    for file in sorted(files):
        yield str(file).encode()
        yield (root / file).read_bytes()


def _digest(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _kept(path: Path, digest: str, fill: Callable[[Path], None]) -> Built:
    """`path`, filled under another name first so that nobody ever sees it half done."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".building-") as folder:
            filled = Path(folder, "bundle")
            filled.mkdir()
            fill(filled)
            try:
                filled.rename(path)
            except OSError:
                if not path.is_dir():
                    raise
    return Built(path, digest)
