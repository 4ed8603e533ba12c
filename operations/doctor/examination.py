"""What the examinations of all parts share: a deployment, its resources, and their results.

Owns how a missing resource and a missing permission are reported.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from operations.deployment import Deployment
from operations.doctor.resources import Resource, Resources
from operations.status.section import Finding, Section, counted

_MISSING = frozenset(
    {
        "ResourceNotFoundException",
        "QueueDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
        "StateMachineDoesNotExist",
        "NotFoundException",
        "NotFound",
        "ParameterNotFound",
    }
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is examined, and when."""

    deployment: Deployment
    resources: Resources
    now: datetime

    @property
    def restore(self) -> str:
        """What restores a resource that was deleted outside of CloudFormation."""
        return (
            f"restore it with a change set of the stack {self.deployment.stack}, see"
            " docs/operating.md, Restore a deleted resource"
        )


@dataclass(slots=True)
class Examination:
    """The results of one examination, as they are found."""

    key: str
    title: str
    findings: list[Finding] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    examined: int = 0

    def wrong(self, what: str, next_step: str) -> None:
        """Add something that is wrong, and what to do about it."""
        self.findings.append(Finding(what, next_step))

    def note(self, name: str, text: str) -> None:
        """Add something that is not wrong, but good to know."""
        self.notes.append((name, text))

    def read(
        self, subject: Subject, resource: Resource, operation: Callable[..., T], **request: object
    ) -> T | None:
        """Return what AWS reports about a resource, None if it is deleted or cannot be read."""
        self.examined += 1
        try:
            return operation(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                self.wrong(f"{resource.logical_id} is deleted ({resource.id}).", subject.restore)
            else:
                self.skip(resource.logical_id, error)
        except BotoCoreError as error:
            self.skip(resource.logical_id, error)
        return None

    def skip(self, name: str, error: Exception) -> None:
        """Add something that cannot be checked."""
        self.unchecked.append(f"{name}: {error}")

    def section(self, well: str, facts: Mapping[str, object] | None = None) -> Section:
        """Return the section. `well` is about what was examined, such as `functions`."""
        rows = [(finding.what.partition(" ")[0], finding.what) for finding in self.findings]
        if not rows and not self.unchecked:
            rows.append((well, f"{counted(self.examined, 'is', 'are')} well"))
        rows += self.notes
        rows += [("could not check", what) for what in self.unchecked]
        return Section(
            key=self.key,
            title=self.title,
            rows=tuple(rows),
            facts={"examined": self.examined, "unchecked": list(self.unchecked), **(facts or {})},
            findings=tuple(self.findings),
        )


def guarded(key: str, title: str, call: Callable[[], Section]) -> Section:
    """Return the section of a call, or one that tells why it could not be made."""
    try:
        return call()
    except (ClientError, BotoCoreError) as error:
        examination = Examination(key, title)
        examination.skip(title, error)
        return examination.section(title)


def listed(names: Sequence[str]) -> str:
    """Return names for a sentence."""
    return ", ".join(sorted(names))
