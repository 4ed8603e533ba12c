"""Derives the generated part of docs/cost-and-performance.md: counts on moto, and synthesises."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aws_cdk import App
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template as Synthesised

from bench.cost.log_bytes import measured_bytes
from bench.cost.page import block, tables
from bench.cost.rows import Measured
from bench.cost.template import Template
from bench.queries.reads import ALERTS, reads_with
from bench.rollup import requests
from bench.workload import created
from infra.config import config_from
from infra.constructs.functions import Functions
from infra.paths import ROOT
from infra.stack import GcsmttrStack
from ingest.events.alert_detail import to_detail

PAGE = ROOT / "docs" / "cost-and-performance.md"
BURST = 1_000


def derived() -> str:
    """Return the tables as they follow from the code."""
    measured = Measured(
        template=Template(_resources()),
        alerts=requests.measure(burst=BURST).rows,
        queries=reads_with(ALERTS[-1]),
        event_bytes=len(json.dumps(to_detail(created(1)))),
        log_bytes=measured_bytes(),
    )
    return block(tables(measured))


def _resources() -> dict[str, Any]:
    """Return the resources of the stack with default settings, without building bundles."""
    config = config_from({}, python=sys.version_info[:2])
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    with TemporaryDirectory() as folder:
        code = Path(folder, "code")
        code.mkdir()
        (code / "placeholder.py").touch()
        app = App(outdir=str(Path(folder, "cdk.out")), context=flags)
        functions = Functions(config, lambda _bundle: lambda_.Code.from_asset(str(code)))
        stack = GcsmttrStack(app, config.stack_name, functions=functions)
        resources: dict[str, Any] = Synthesised.from_stack(stack).to_json()["Resources"]
    return resources
