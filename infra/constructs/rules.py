"""Accepts findings of the rule packs AwsSolutions and Serverless, each with its reason.

The tests run both packs of cdk-nag. A construct that breaks a rule on purpose accepts it here, next
to its resource. The packs are not needed to deploy.
"""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct

TRACING = (
    "AwsSolutions-SF2",
    "Serverless-StepFunctionStateMachineXray",
    "Serverless-LambdaTracing",
)
NOT_TRACED = (
    "The setting `tracing` turns traces on. Log lines with the id of a delivery come first."
)


def accept(construct: IConstruct, *rules: str, reason: str) -> None:
    """Accept that a construct and its children break rules such as `Serverless-LambdaDLQ`."""
    acknowledged = (
        Acknowledgment(id=f"{rule.partition('-')[0]}::{rule}", reason=reason) for rule in rules
    )
    Validations.of(construct).acknowledge(*acknowledged)
