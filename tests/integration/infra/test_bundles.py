"""The built bundles: self-contained, compiled, small, and for the right machine."""

import gzip
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from infra.bundles import build as build_module
from infra.bundles import compilation
from infra.bundles import packages as packages_module
from infra.bundles.build import build
from infra.bundles.bundle import (
    BUNDLES,
    DASHBOARD,
    GITHUB,
    GRAPHIQL,
    INGEST,
    PACKAGES,
    QUERY,
    ROLLUP,
    Bundle,
)
from infra.bundles.errors import BundleError
from infra.bundles.front_end import build_front_end
from infra.bundles.interpreter import interpreter_of
from infra.config import Config, config_from
from tests.support.paths import ROOT

LIMIT_BYTES = {"ingest": 18_000_000, "rollup": 18_000_000, "query": 40_000_000}
AARCH64 = 183
VARIABLES = (
    "HOOK_RANGES_PARAMETER", "META_URL", "WEBHOOK_SECRET_ID", "EVENT_BUS_NAME",
    "GITHUB_APPS_SECRET_ID",
    "ALL_EVENTS_TABLE", "REPOSITORIES_TABLE", "REPOSITORY_OVERVIEW_TABLE",
    "ORGANISATION_OVERVIEW_TABLE",
    "REPOSITORIES_TABLE",
    "LEDGER_TABLE", "ACCESS_KEYS_TABLE", "CONNECTIONS_TABLE", "KEEP_ACTORS", "STACK_NAME",
    "REPOSITORY_QUEUE_URL", "ORGANISATION_QUEUE_URL",
)  # fmt: skip


def config(**context: object) -> Config:
    """Return the config of a runtime with the Python of the tests, which is surely installed."""
    python = sys.version_info[:2]
    return config_from({"python": "{}.{}".format(*python), **context}, python=python)


HOST = config(emulator=True)


def run_alone(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Run a program that can import only a bundle and the standard library."""
    start = f"import sys; sys.path.insert(0, {str(folder)!r}); "
    environment = dict.fromkeys(VARIABLES, "unset") | {"AWS_DEFAULT_REGION": "eu-west-1"}
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", start + program],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd="/",
    )


def importing(bundle: Bundle) -> str:
    return "; ".join(
        f"import {module}; assert callable({module}.handler)" for module in bundle.handlers
    )


def files(folder: Path, pattern: str) -> list[Path]:
    return [path for path in folder.rglob(pattern) if path.is_file()]


@pytest.fixture(params=BUNDLES, ids=lambda bundle: bundle.name)
def bundle(request: pytest.FixtureRequest) -> Bundle:
    found: Bundle = request.param
    return found


@pytest.fixture
def folder(bundle: Bundle) -> Path:
    return build(bundle, HOST).path


def test_each_handler_loads_from_its_bundle_alone(bundle: Bundle, folder: Path) -> None:
    loaded = run_alone(folder, importing(bundle) + "; import aws_lambda_powertools")

    assert loaded.returncode == 0, loaded.stderr


def test_bundle_without_a_dependency_does_not_load(
    bundle: Bundle, folder: Path, tmp_path: Path
) -> None:
    lacking = tmp_path / "bundle"
    shutil.copytree(folder, lacking, copy_function=os.link)
    # The query function imports powertools only to log a fault.
    removed = "mangum" if bundle is QUERY else "aws_lambda_powertools"
    shutil.rmtree(lacking / removed)

    loaded = run_alone(lacking, importing(bundle))

    assert loaded.returncode != 0
    assert f"No module named '{removed}'" in loaded.stderr


def test_bundle_can_make_the_aws_clients_of_its_code(bundle: Bundle, folder: Path) -> None:
    used = {
        service
        for package in PACKAGES
        for source in files(folder / package, "*.py")
        for service in re.findall(r"(?:boto3\.|create_)client\(\s*\"([a-z]+)\"", source.read_text())
    }
    made = run_alone(
        folder,
        f"import json; services = {sorted(used)}\n"
        "if services: from botocore.session import Session\n"
        "print([Session().create_client(name).meta.endpoint_url for name in services])",
    )

    assert used == set(bundle.services)
    assert made.returncode == 0, made.stderr


def test_bundle_can_open_a_connection_to_github() -> None:
    made = run_alone(
        build(GITHUB, HOST).path,
        "from github_rest.http.connection import Connection; Connection().close()",
    )

    assert made.returncode == 0, made.stderr


def test_bundle_can_check_a_token_of_github_actions() -> None:
    made = run_alone(
        build(QUERY, HOST).path,
        "from graphql_api.access.github_actions.trust import Trust\n"
        "from graphql_api.access.github_actions.token_check import token_check\n"
        "from graphql_api.vocabulary.errors import UnauthorizedError\n"
        "try: token_check(Trust('https://token.example', 'a', {}), clock=lambda: 0.0)('a.b.c')\n"
        "except UnauthorizedError: pass",
    )

    assert made.returncode == 0, made.stderr


def test_bundle_contains_no_unused_aws_service() -> None:
    made = run_alone(build(ROLLUP, HOST).path, "import boto3; boto3.client('ec2')")

    assert "UnknownServiceError" in made.stderr


def test_bytecode_is_never_compared_with_its_source(folder: Path) -> None:
    for source in files(folder, "*.py"):
        compiled = Path(importlib.util.cache_from_source(str(source))).read_bytes()
        assert compiled[:4] == importlib.util.MAGIC_NUMBER
        assert compiled[4:8] == b"\x01\x00\x00\x00"


def test_bundle_contains_no_tools_tests_or_metadata(folder: Path) -> None:
    top = {path.name for path in folder.iterdir()}

    assert not top & {"aws_cdk", "constructs", "jsii", "infra", "tests", "bin", "pip", "moto"}
    metadata = {name.partition("-")[0] for name in top if name.endswith(".dist-info")}
    assert metadata == ({"httpx2", "httpcore2"} if "httpx2" in top else set())
    assert not list(folder.rglob("tests"))
    assert not files(folder, "*.pyi")


def test_bundle_is_small(bundle: Bundle, folder: Path) -> None:
    size = sum(path.stat().st_size for path in files(folder, "*"))

    assert size < LIMIT_BYTES.get(bundle.name, 40_000_000)


def test_bundle_contains_only_modules_that_it_imports() -> None:
    ingest, rollup = build(INGEST, HOST).path, build(ROLLUP, HOST).path

    assert not (ingest / "rollup").exists()
    assert not (ingest / "graphql_api").exists()
    assert not (rollup / "graphql_api").exists()
    assert not (rollup / "ingest" / "receiver_handler.py").exists()


def test_page_is_built_into_its_bundle_only() -> None:
    page, query = build(GRAPHIQL, HOST).path, build(QUERY, HOST).path

    shown = content_of_page(page, "graphiql")
    examples = list((ROOT / "examples" / "queries").glob("*.graphql"))
    assert len(examples) >= 15
    for example in examples:
        name = re.search(r"query (\w+)", example.read_text())
        assert name is not None
        assert name[0].encode() in shown, example
    assert not (query / "graphql_api" / "graphiql").exists()
    assert not (page / "boto3").exists()


def test_bundle_of_dashboard_has_its_panels_and_no_sources() -> None:
    folder = build(DASHBOARD, HOST).path

    shown = content_of_page(folder, "dashboard")
    for query in (ROOT / "dashboard" / "src" / "queries").glob("*.graphql"):
        name = re.search(r"(fragment|query) (\w+)", query.read_text())
        assert name is not None
        assert name[0].encode() in shown, query
    assert not (folder / "dashboard").exists()
    assert not list(folder.rglob("*.ts*"))
    assert not (folder / "boto3").exists()


def test_pages_have_no_links_to_pages_that_are_not_served(tmp_path: Path) -> None:
    alone = replace(HOST, dashboard_page=False, graphiql=False, bundle_dir=tmp_path)
    for bundle, page, link in (
        (DASHBOARD, "dashboard", b"Open in GraphiQL"),
        (GRAPHIQL, "graphiql", b"graphiql-button dashboard"),
    ):
        assert link in content_of_page(build(bundle, HOST).path, page)
        assert link not in content_of_page(build(bundle, alone).path, page)


def content_of_page(folder: Path, name: str) -> bytes:
    """Return all files of the page in a bundle, decompressed."""
    dist = folder / "graphql_api" / name / "dist"
    return b"".join(gzip.decompress(file.read_bytes()) for file in files(dist, "*.gz"))


@pytest.mark.parametrize(
    ("page", "sources"),
    [
        (
            "graphiql",
            ("graphql_api/graphiql/main.jsx", "examples/queries/1.graphql", "package-lock.json"),
        ),
        (
            "dashboard",
            (
                *("dashboard/src/page/app.tsx", "dashboard/index.html"),
                *("graphql_api/graphiql/key.js", "package-lock.json"),
            ),
        ),
    ],
)
def test_page_is_built_again_when_a_source_changes(
    page: str, sources: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []

    def run(command: list[str], **_: object) -> None:
        built.append(command[-1])
        Path(command[-1], "index.html.gz").touch()

    monkeypatch.setattr(subprocess, "run", run)
    other = replace(HOST, bundle_dir=tmp_path / "bundles")
    digests = set()
    for source in ("", *sources):
        if source:
            (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / source).write_text(source)
        for _ in range(2):
            digests.add(build_front_end(page, other, root=tmp_path).digest)

    assert len(digests) == len(built) == len(sources) + 1


def test_unchanged_bundle_is_not_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(ROLLUP, HOST)

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError

    monkeypatch.setattr(packages_module, "_install", refuse)
    monkeypatch.setattr(build_module, "compile_modules", refuse)

    assert build(ROLLUP, HOST) == first


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one module, and one wheel that contains machine code."""
    lock = (ROOT / "requirements" / "dev.txt").read_text()
    (orjson,) = re.findall(r"^orjson==(?:.*\\\n)+.*\n", lock, re.MULTILINE)
    for name, text in {
        "requirements/bundles/small.txt": orjson,
        "small/__init__.py": "",
        "small/only.py": "import orjson\n\n\ndef handler() -> None: ...\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


SMALL = Bundle(name="small", handlers=("small.only",), packages=("small",))


def test_machine_code_for_aws_is_for_arm64(project: Path) -> None:
    built = build(SMALL, config(bundleDir=str(project / "build")), root=project)
    libraries = files(built.path, "*.so")

    assert libraries
    for library in libraries:
        assert int.from_bytes(library.read_bytes()[18:20], "little") == AARCH64


def test_machine_code_for_the_emulator_is_for_this_machine(project: Path) -> None:
    local = config(emulator=True, bundleDir=str(project / "build"))

    loaded = run_alone(build(SMALL, local, root=project).path, importing(SMALL))

    assert loaded.returncode == 0, loaded.stderr


def test_changed_module_makes_another_bundle_with_the_same_packages(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = config(emulator=True, bundleDir=str(project / "build"))
    first = build(SMALL, local, root=project)
    monkeypatch.setattr(packages_module, "_install", None)

    (project / "small" / "only.py").write_text("def handler() -> None: ...\n")
    second = build(SMALL, local, root=project)

    assert second.digest != first.digest
    assert second.path != first.path
    assert "orjson" not in (second.path / "small" / "only.py").read_text()


def test_wheel_with_another_hash_is_an_error(project: Path) -> None:
    lock = project / "requirements" / "bundles" / "small.txt"
    lock.write_text(re.sub("sha256:[0-9a-f]{8}", "sha256:00000000", lock.read_text()))

    with pytest.raises(BundleError, match="uv cannot install"):
        build(SMALL, config(emulator=True, bundleDir=str(project / "build")), root=project)

    assert not list((project / "build").rglob("small"))


def test_python_that_is_not_there_is_an_error_with_the_ways_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = (3, 12) if sys.version_info[:2] != (3, 12) else (3, 13)
    wanted = "{}.{}".format(*other)
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path))
    monkeypatch.setenv("UV_PYTHON_PREFERENCE", "only-managed")
    monkeypatch.setenv("UV_OFFLINE", "1")

    with pytest.raises(BundleError, match=rf"Install Python {wanted}, or set the setting python"):
        interpreter_of.__wrapped__(other)


def test_modules_are_compiled_by_the_python_of_the_runtime(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "module.py").touch()
    asked: list[tuple[int, int]] = []

    def interpreter(version: tuple[int, int]) -> str:
        asked.append(version)
        return sys.executable

    monkeypatch.setattr(compilation, "interpreter_of", interpreter)

    compilation.compile_modules([tmp_path], bundle=tmp_path, python=(3, 14))

    assert asked == [(3, 14)]
    assert files(tmp_path, "*.pyc")


def test_module_that_cannot_be_compiled_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("def")

    with pytest.raises(BundleError, match="cannot compile"):
        compilation.compile_modules([tmp_path], bundle=tmp_path, python=sys.version_info[:2])
