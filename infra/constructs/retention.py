"""What happens to tables, and to the archived events, when their stack is deleted."""

from aws_cdk import RemovalPolicy

from infra.config import Config


def retention(config: Config) -> RemovalPolicy:
    """Return the policy of resources with data.

    On AWS they outlive the stack, except one whose first deployment fails.
    """
    if config.target.keeps_data:
        return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
    return RemovalPolicy.DESTROY
