"""All examinations of a deployment, in the order in which one thing depends on another.

A part that the operator may not read is reported as not checked, and does not stop the others.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from operations.deployment import Deployment
from operations.doctor.alarms import alarms, subscriptions
from operations.doctor.endpoints import endpoints
from operations.doctor.examination import Subject, guarded
from operations.doctor.functions import functions
from operations.doctor.mappings import mappings
from operations.doctor.queues import queues
from operations.doctor.resources import Resources, resources_of
from operations.doctor.rules import rules
from operations.doctor.secrets import secrets
from operations.doctor.stack import archive, clock, machines, stack
from operations.doctor.tables import tables
from operations.status.collect import Status
from operations.status.section import Section

_PARTS: Sequence[tuple[str, str, Callable[[Subject], Section]]] = (
    ("clock", "Clock", clock),
    ("stack", "Stack", stack),
    ("alarms", "Alarms", alarms),
    ("subscriptions", "Alarm mail", subscriptions),
    ("endpoints", "API", endpoints),
    ("secrets", "Secrets", secrets),
    ("functions", "Functions", functions),
    ("rules", "Rules", rules),
    ("stateMachines", "State machines", machines),
    ("archive", "Event archive", archive),
    ("mappings", "Event sources", mappings),
    ("queueSettings", "Queue settings", queues),
    ("tables", "Tables", tables),
)


def examine(deployment: Deployment, now: datetime) -> Sequence[Section]:
    """Return a section for each group of parts, then those of the status. Changes nothing."""
    resources: list[Resources] = []

    def subject() -> Subject:
        if not resources:
            resources.append(resources_of(deployment.aws.cloudformation, deployment.stack))
        return Subject(deployment, resources[0], now)

    def part_of(examination: Callable[[Subject], Section]) -> Callable[[], Section]:
        return lambda: examination(subject())

    parts = [guarded(key, title, part_of(part)) for key, title, part in _PARTS]
    status = [guarded(key, title, call) for key, title, call in Status(deployment, now).parts()]
    return (*parts, *status)
