"""cdk-nag: the stack keeps the rules of two packs, or accepts a finding with its reason."""

import json
from pathlib import Path

import pytest
from aws_cdk import App, Stack, Validations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra.constructs.functions import Functions
from infra.constructs.rules import accept
from infra.stack import GcsmttrStack
from tests.integration.infra.conftest import config
from tests.support.paths import ROOT


def findings(app: App, folder: Path) -> list[str]:
    """Return what both packs find in the stacks of an app, as `rule path-of-the-resource`."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    try:
        app.synth()
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
    report = json.loads((folder / "validation-report.json").read_text())
    plugins = {plugin["pluginName"]: plugin for plugin in report["pluginReports"]}
    assert plugins.keys() >= {"AwsSolutions", "Serverless"}
    return [
        f"{violation['ruleName']} {construct['constructPath']}"
        for plugin in plugins.values()
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    ]


def test_stack_keeps_the_rules_or_accepts_findings_with_reasons(tmp_path: Path) -> None:
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    code = tmp_path / "code"
    code.mkdir()
    (code / "placeholder.py").touch()
    folder = tmp_path / "cdk.out"
    app = App(outdir=str(folder), context=flags)
    chosen = config(alarmEmail="team@example.org")
    functions = Functions(chosen, lambda _bundle: lambda_.Code.from_asset(str(code)))
    GcsmttrStack(app, chosen.stack_name, functions=functions)

    assert findings(app, folder) == []


@pytest.mark.parametrize("accepted", [False, True])
def test_broken_rule_is_found_unless_it_is_accepted(tmp_path: Path, *, accepted: bool) -> None:
    app = App(outdir=str(tmp_path))
    queue = sqs.Queue(Stack(app, "Odd"), "Queue", enforce_ssl=True)
    rules = ("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy")
    if accepted:
        accept(queue, *rules, reason="a test")

    found = findings(app, tmp_path)
    assert found == ([] if accepted else [f"{rule} Odd/Queue/Resource" for rule in rules])
