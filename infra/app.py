"""The CDK app: `python -m infra.app`, started by the CDK command line (see `cdk.json`)."""

import sys

from aws_cdk import App
from aws_cdk import aws_lambda as lambda_

from infra.bundles.build import build
from infra.bundles.bundle import Bundle
from infra.bundles.errors import BundleError
from infra.config import Config, ConfigError, config_from
from infra.constructs.functions import Functions
from infra.deployment_file import with_deployment
from infra.stack import GcsmttrStack


def code_of(bundle: Bundle, config: Config) -> lambda_.Code:
    """Build the bundle and return it as Lambda's code."""
    built = build(bundle, config)
    return lambda_.Code.from_asset(str(built.path), asset_hash=built.digest)


def main() -> None:
    """Synthesise the stack that the context describes; print an invalid context and exit with 1."""
    app = App()
    try:
        context = with_deployment(app.node.get_all_context())
        config = config_from(context, python=sys.version_info[:2])
        functions = Functions(config, lambda bundle: code_of(bundle, config))
        GcsmttrStack(app, config.stack_name, functions=functions)
    except (ConfigError, BundleError) as error:
        sys.exit(str(error))
    app.synth()


if __name__ == "__main__":
    main()
