"""The synthesised templates, made once for all tests, with a placeholder for all code."""

import json
import sys
from pathlib import Path

import pytest
from aws_cdk import App
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from infra.config import Config, config_from
from infra.constructs.functions import Functions
from infra.stack import GcsmttrStack
from tests.support.paths import ROOT


def config(**context: object) -> Config:
    """Return the config for a context and the running Python."""
    return config_from(context, python=sys.version_info[:2])


def stack_of(config: Config, folder: Path) -> GcsmttrStack:
    """Return the stack of an app for a config, without building bundles."""
    code = folder / "code"
    code.mkdir()
    (code / "placeholder.py").touch()
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = App(outdir=str(folder / "cdk.out"), context=flags)
    functions = Functions(config, lambda _bundle: lambda_.Code.from_asset(str(code)))
    return GcsmttrStack(app, config.stack_name, functions=functions)


def synthesise(config: Config, folder: Path) -> Template:
    """Return the template for a config, without building bundles."""
    return Template.from_stack(stack_of(config, folder))


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Return the template for AWS, with an e-mail address for the alarms."""
    return synthesise(config(alarmEmail="team@example.org"), tmp_path_factory.mktemp("aws"))


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Return the template for the local emulator."""
    context = {"emulator": True, "apiId": "chosen1", "metaUrl": "http://127.0.0.1:1/meta"}
    return synthesise(config(**context), tmp_path_factory.mktemp("emulator"))
