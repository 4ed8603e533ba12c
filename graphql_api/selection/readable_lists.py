"""The lists of everything that an API key can read.

Owns how such a list is divided. A key that can read all organisations reads one list. A limited
key reads one list for each of its organisations, so it never reads a row of another one: neither
cursors nor the number of reads depend on rows that it cannot read.
"""

from collections.abc import Iterator, Sequence

from graphql_api.reading import month_lists, overview_lists, tables
from graphql_api.reading.attribute_values import Item, text
from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import Listing, Tables
from graphql_api.selection import alert_lists
from graphql_api.vocabulary.enums import Sort
from rollup.metrics.period import ALL
from rollup.rows import attributes as names
from rollup.rows import overview_row
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level
from rollup.rows.row_key import RowKey

Kept = tuple[str, ...]
"""What a cursor keeps: the list in which the next page starts. Empty: the first list."""


class ReadableLists:
    """The lists for the key of one request.

    Every method that takes `start` yields the lists from that one on.
    """

    def __init__(self, reader: Reader, tables: Tables) -> None:
        self._reader = reader
        self._tables = tables
        self._limits = reader.access.organisations

    @property
    def limits(self) -> list[str] | None:
        """The organisations of a limited key, or None. Cursors are bound to them."""
        return None if self._limits is None else sorted(self._limits)

    def alerts(self, start: Kept = ()) -> Iterator[Listing]:
        """Yield the lists of all alerts."""
        if self._limits is None:
            yield tables.all_alerts(self._tables)
        for organisation in self._from(start):
            listing = alert_lists.all_of_organisation(self._tables, organisation)
            yield listing._replace(kept=(organisation,))

    def months(self, level: Level, start: Kept = ()) -> Iterator[Listing]:
        """Yield the lists of all months of all repositories or organisations."""
        if self._limits is None:
            yield month_lists.all_months(self._tables, level)
        for organisation in self._from(start):
            first = start[1] if start[:1] == (organisation,) and level is REPOSITORY else ""
            of_organisation = month_lists.months_of_name(
                self._tables, ORGANISATION, organisation, month=None, order=Sort.asc
            )
            if level is ORGANISATION:
                yield of_organisation._replace(kept=(organisation,))
                continue
            # An organisation has a row for each month that one of its repositories has.
            for item in self._reader.all(of_organisation):
                month = text(item, names.MONTHLY_PERIOD)
                if month is not None and month >= first:
                    yield self._of_month(REPOSITORY, organisation, month, Sort.asc)

    def names_of_month(
        self, level: Level, month: str, order: Sort, start: Kept = ()
    ) -> Iterator[Listing]:
        """Yield the lists of the repositories or organisations of one month, by name."""
        if self._limits is None:
            yield month_lists.names_of_month(self._tables, level, month, only=None, order=order)
        for organisation in self._from(start, level, order):
            yield self._of_month(level, organisation, month, order)

    def organisations(self) -> list[Item]:
        """Return the rows of the organisations for all time, by name."""
        if self._limits is None:
            return self._reader.all(tables.organisations(self._tables))
        return self._organisations_of_limits()

    def first_organisations(self) -> list[Item]:
        """Return as many of these rows as one query reads; almost always all."""
        if self._limits is None:
            return self._reader.first(tables.organisations(self._tables))
        return self._organisations_of_limits()

    def _organisations_of_limits(self) -> list[Item]:
        keys = [overview_row.key(ORGANISATION, RowKey(name, ALL)) for name in self._from(())]
        attributes = overview_lists.attributes(ORGANISATION)
        table = self._tables.organisation_overview
        found = (item for page in self._reader.batch(table, keys, attributes) for item in page)
        counted = (item for item in found if names.LISTED in item)
        return sorted(counted, key=lambda item: item[names.ORGANISATION_NAME]["S"])

    def _of_month(self, level: Level, organisation: str, month: str, order: Sort) -> Listing:
        listing = month_lists.names_of_month(
            self._tables, level, month, only=organisation, order=order
        )
        return listing._replace(kept=(organisation, month))

    def _from(
        self, start: Kept, level: Level = ORGANISATION, order: Sort = Sort.asc
    ) -> Sequence[str]:
        """Return the organisations from that of `start` on, in the order of a level's names."""
        suffix = "/" if level is REPOSITORY else ""
        organisations = sorted(
            self._limits or (), key=lambda name: name + suffix, reverse=order is Sort.desc
        )
        return organisations[organisations.index(start[0]) :] if start else organisations
