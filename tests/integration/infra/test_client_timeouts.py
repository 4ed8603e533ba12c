"""Each function makes its clients at its start, and outlives the longest request of each."""

import json
import os
import subprocess
import sys

import pytest
from aws_cdk.assertions import Template

from infra.bundles.bundle import BUNDLES
from ingest.clients import OTHER_PAUSE_S, TABLE_PAUSE_S, Waits
from tests.support.paths import ROOT

HANDLERS = [module for bundle in BUNDLES if bundle.page is None for module in bundle.handlers]
NUMBERS = {"UNKNOWN_CHANGES_DAYS": "90", "KEEP_ACTORS": "false", "INTROSPECTION": "on"}
PROGRAM = """
import json, sys
from importlib import import_module
from botocore.session import Session

made, create = [], Session.create_client

def noted(session, *arguments, **options):
    client = create(session, *arguments, **options)
    config = client.meta.config
    made.append([
        client.meta.service_model.service_name,
        config.connect_timeout,
        config.read_timeout,
        config.retries["total_max_attempts"],
    ])
    return client

Session.create_client = noted
import_module(sys.argv[1])
print(json.dumps(made))
"""


def variables(template: Template, module: str) -> tuple[dict[str, str], int]:
    """Return the names of the environment of a function with some values, and its timeout."""
    (function,) = template.find_resources(
        "AWS::Lambda::Function", {"Properties": {"Handler": f"{module}.handler"}}
    ).values()
    properties = function["Properties"]
    given = properties["Environment"]["Variables"]
    values = {name: value if isinstance(value, str) else "name" for name, value in given.items()}
    return values | {n: v for n, v in NUMBERS.items() if n in given}, properties["Timeout"]


@pytest.mark.parametrize("module", HANDLERS)
def test_function_outlives_the_longest_request_of_each_client(aws: Template, module: str) -> None:
    environment, timeout_s = variables(aws, module)
    on_lambda = {"AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_DEFAULT_REGION": "eu-west-1"}
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, module],
        env={**path, **environment, **on_lambda},
        check=True,
        capture_output=True,
        text=True,
    )
    made = json.loads(done.stdout)
    assert made
    for service, connect_s, read_s, attempts in made:
        pause_s = TABLE_PAUSE_S if service == "dynamodb" else OTHER_PAUSE_S
        waits = Waits(connect_s=connect_s, read_s=read_s, attempts=attempts)
        assert waits.longest_s(pause_s) < timeout_s, service
