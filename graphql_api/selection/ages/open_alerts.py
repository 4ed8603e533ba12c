"""The open alerts that a backlog selects, read from All Events themselves.

Owns the choice of the requests, and what of an alert is used: its group, severity and creation.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import Listing, Tables
from graphql_api.repositories.alert_filter import of_chosen
from graphql_api.selection.alert_partitions import filters_of, listing_of, partition_of
from graphql_api.selection.filters import NO_CONDITIONS, Conditions
from graphql_api.selection.reading import Reading
from graphql_api.selection.subject import Subject
from ingest.alerts import attributes as of_alert
from ingest.instant import from_text, to_text
from ingest.names import owner_of
from ingest.terms import AlertState, Branch, Severity
from rollup.metrics.counts import Outcome
from rollup.metrics.period import ALL
from rollup.metrics.tally import Group, alert_count
from rollup.metrics.tool_limit import OTHER
from rollup.rows.overview_row import REPOSITORY, Level

_ALERTS_PER_READ = 2_500
"""About how many alerts of an index fit into one response of DynamoDB."""

_SHOWN = (
    *(of_alert.REPOSITORY_NAME, of_alert.SEVERITY, of_alert.BRANCH, of_alert.TOOL),
    of_alert.CREATED_AT,
)
_FEW_READS = 10
"""Up to this number of reads, a read to find a cheaper request is not worth it."""


class OpenAlert(NamedTuple):
    """An open alert: its group, its severity, and its creation in milliseconds."""

    group: Group
    severity: Severity
    created_ms: int


class OpenAlerts:
    """The open alerts that meet the conditions of a backlog."""

    def __init__(
        self, subject: Subject, conditions: Conditions, reading: Reading, tables: Tables
    ) -> None:
        self._subject = subject
        # The reading filters by tool itself if a row pools tools under "(other)".
        if OTHER in (conditions.tools or ()):
            conditions = conditions._replace(tools=None)
        self._conditions = conditions
        self._reading = reading
        self._tables = tables

    @property
    def _reader(self) -> Reader:
        return self._subject.overviews.reader

    def between(
        self, first_ms: int, last_ms: int, severity: Severity | None = None
    ) -> Iterator[OpenAlert]:
        """Yield the alerts created between two times, both inclusive. None: of any severity."""
        conditions = self._conditions
        if severity is not None:
            conditions = conditions._replace(severities=(severity,))
        return self._read([self._listing(conditions, (first_ms, last_ms))])

    def all(self) -> Iterator[OpenAlert]:
        """Yield all alerts, with a request for each repository where that needs fewer reads."""
        if self._reading.repositories is None:
            return self._read([self._listing(self._conditions)])
        organisation = self._subject.name
        names = [one for one in self._reading.repositories if owner_of(one) == organisation]
        if len(names) > _FEW_READS and len(names) > self._reads_of_all():
            return self._read([self._listing(self._conditions)], frozenset(names))
        self._reader.budget.expect_reads(len(names))
        return self._read(self._listing(self._conditions, of=(REPOSITORY, name)) for name in names)

    def _listing(
        self,
        conditions: Conditions,
        between_ms: tuple[int, int] | None = None,
        *,
        of: tuple[Level, str] | None = None,
    ) -> Listing:
        level, name = of or (self._subject.level, self._subject.name)
        listing = listing_of(
            self._tables,
            partition_of(level, name, AlertState.OPEN),
            between=between_ms and (to_text(between_ms[0]), to_text(between_ms[1])),
            filters=filters_of(level, conditions),
            shown=_SHOWN,
        )
        return listing if level is REPOSITORY else of_chosen(listing, conditions.chosen)

    def _reads_of_all(self) -> int:
        """Return about how many reads all open alerts of the organisation take."""
        sums = self._subject.reading(NO_CONDITIONS).sums([ALL], {ALL: [0]}, durations=False)
        return alert_count(sums.cells(0).get(None, {}), Outcome.OPEN) // _ALERTS_PER_READ + 1

    def _read(
        self, listings: Iterable[Listing], names: frozenset[str] | None = None
    ) -> Iterator[OpenAlert]:
        groups_of = self._reading.grouping()
        for listing in listings:
            for items in self._reader.pages(listing):
                for item in items:
                    name = item[of_alert.REPOSITORY_NAME]["S"]
                    if names is not None and name not in names:
                        continue
                    severity = Severity(item[of_alert.SEVERITY]["S"])
                    branch = Branch(item[of_alert.BRANCH]["S"])
                    tool = item[of_alert.TOOL]["S"] if of_alert.TOOL in item else ""
                    created_ms = from_text(item[of_alert.CREATED_AT]["S"])
                    for group in groups_of(name, severity, branch, tool):
                        yield OpenAlert(group, severity, created_ms)
