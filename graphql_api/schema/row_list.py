"""The list fields of the public GCSMTTR schema: their arguments, their lists and their pages.

Owns the arguments to which cursors are bound. A null argument is the same as an absent one.
"""

from typing import TypeVar

from strawberry import UNSET

from graphql_api.reading import month_lists, tables
from graphql_api.reading.cursor import binding_of
from graphql_api.reading.reader import Page
from graphql_api.reading.tables import Listing
from graphql_api.schema.context import Info
from graphql_api.selection.subject import Subject
from graphql_api.vocabulary.enums import Sort
from graphql_api.vocabulary.month import canonical_month
from graphql_api.vocabulary.names import checked_name
from rollup.rows.overview_row import Level

T = TypeVar("T")


class RowList:
    """One list field, with the arguments that all list fields have."""

    def __init__(
        self, info: Info, limit: int | None, token: str | None, order: Sort | None = None
    ) -> None:
        self._context = info.context
        self._path = info.path
        self._limit = _none_if_unset(limit)
        self._token = _none_if_unset(token)
        self._order = _none_if_unset(order) or Sort.asc

    def all_alerts(self) -> Page:
        """Return a page of all alerts."""
        return self._page(tables.all_alerts(self._context.tables), binding_of("alerts"))

    def all_months(self, level: Level) -> Page:
        """Return a page of all months of all repositories or organisations."""
        listing = month_lists.all_months(self._context.tables, level)
        return self._page(listing, binding_of("months", level=level.name_attribute))

    def months_of(self, level: Level, name: str, month: str | None) -> Page:
        """Return a page of the months of one repository or organisation."""
        name = checked_name(level, name, level.name_attribute)
        month = _month(month)
        binding = binding_of(
            "by name", level=level.name_attribute, name=name, month=month, order=self._order
        )
        listing = month_lists.months_of_name(
            self._context.tables, level, name, month=month, order=self._order
        )
        return self._page_of(level, name, listing, binding)

    def names_in(self, level: Level, month: str, name: str | None) -> Page:
        """Return a page of the repositories or organisations of one month."""
        month, name = canonical_month(month), _none_if_unset(name)
        if name is not None:
            name = checked_name(level, name, level.name_attribute)
        binding = binding_of(
            "by month", level=level.name_attribute, name=name, month=month, order=self._order
        )
        listing = month_lists.names_of_month(
            self._context.tables, level, month, name=name, order=self._order
        )
        return self._page_of(level, name, listing, binding)

    def _page_of(self, level: Level, name: str | None, listing: Listing, binding: bytes) -> Page:
        page, context = self._page(listing, binding), self._context
        if name is not None and not page.items and self._token is None:
            context.unknown_names.record(Subject(level, name, context.overviews), self._path)
        return page

    def _page(self, listing: Listing, binding: bytes) -> Page:
        reader = self._context.reader
        return reader.page(listing, limit=self._limit, token=self._token, binding=binding)


def _none_if_unset(argument: T | None) -> T | None:
    return None if argument is UNSET else argument


def _month(argument: str | None) -> str | None:
    given = _none_if_unset(argument)
    return None if given is None else canonical_month(given)
