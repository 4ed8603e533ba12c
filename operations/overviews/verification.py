"""The check or repair of a part of a deployment, for the commands.

Owns the choice of that part, and the summary of all results.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ingest.names import folded
from operations.deployment import Deployment
from operations.overviews.audit import Subject
from operations.overviews.comparison import describe
from operations.overviews.reader import TableNames
from operations.overviews.runner import AuditRunner, Result


@dataclass(frozen=True, slots=True)
class Part:
    """A repository, an organisation or, without a name, the whole deployment."""

    repository: str | None = None
    organisation: str | None = None


@dataclass(slots=True)
class Summary:
    """All results of a check or a repair, as lines of text.

    Attributes:
        subjects: How many repositories and organisations were compared.
        rows: The rows that are wrong, or were repaired.
        entries: The ledger entries that are wrong, or were repaired.
        busy: The rows and names that changed all the time.
    """

    subjects: int = 0
    rows: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    busy: list[str] = field(default_factory=list)

    @property
    def found(self) -> int:
        """How many rows and ledger entries are wrong, or were repaired."""
        return len(self.rows) + len(self.entries)

    def add(self, result: Result) -> Sequence[str]:
        """Add the result of one subject, and return its lines."""
        rows = [str(one) for one in result.findings.rows]
        entries = [describe(one) for one in result.findings.entries]
        busy = [str(one) for one in result.findings.busy]
        if result.contention:
            busy.append(f"{result.name} ({result.contention})")
        self.subjects += 1
        self.rows += rows
        self.entries += entries
        self.busy += busy
        return [*entries, *rows, *(f"too busy: {one}" for one in busy)]


class Verification:
    """The subjects of a part of a deployment, to be checked or repaired."""

    def __init__(self, deployment: Deployment, part: Part) -> None:
        tables = TableNames(
            all_events=deployment.output("AllEventsTable"),
            repository_overview=deployment.output("RepositoryOverviewTable"),
            organisation_overview=deployment.output("OrganisationOverviewTable"),
            ledger=deployment.output("LedgerTable"),
        )
        self._runner = AuditRunner(deployment.aws.dynamodb, tables=tables)
        self._subjects = self._find(part)

    @property
    def total(self) -> int:
        """How many subjects there are."""
        return len(self._subjects)

    def check(self, *, seen: Callable[[Sequence[str]], None]) -> Summary:
        """Compare all subjects. `seen` gets the lines of each subject, which can be none."""
        return _summary(self._runner.check(self._subjects), seen)

    def repair(self, *, seen: Callable[[Sequence[str]], None]) -> Summary:
        """Repair all subjects. `seen` gets the lines of each subject, which can be none."""
        return _summary(self._runner.repair(self._subjects), seen)

    def _find(self, part: Part) -> Sequence[Subject]:
        if part.repository:
            return self._runner.of_repository(folded(part.repository))
        if part.organisation:
            return self._runner.of_organisation(folded(part.organisation))
        return self._runner.of_deployment()


def _summary(results: Iterable[Result], seen: Callable[[Sequence[str]], None]) -> Summary:
    summary = Summary()
    for result in results:
        seen(summary.add(result))
    return summary
