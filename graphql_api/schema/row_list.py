"""The list fields of the public GCSMTTR schema: their arguments, their lists and their pages.

Owns the arguments to which cursors are bound. A null argument is the same as an absent one.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from strawberry import UNSET

from graphql_api.reading import month_lists
from graphql_api.reading.cursor import binding_of
from graphql_api.reading.reader import Page
from graphql_api.reading.tables import Listing
from graphql_api.schema.context import Info
from graphql_api.selection.readable_lists import Kept, ReadableLists
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
        self._lists = ReadableLists(info.context.reader, info.context.tables)
        self._path = info.path
        self._limit = _none_if_unset(limit)
        self._token = _none_if_unset(token)
        self._order = _none_if_unset(order) or Sort.asc

    def all_alerts(self) -> Page:
        """Return a page of all alerts."""
        return self._page_of_all(self._lists.alerts, "alerts")

    def all_months(self, level: Level) -> Page:
        """Return a page of all months of all repositories or organisations."""
        return self._page_of_all(
            partial(self._lists.months, level), "months", level=level.name_attribute
        )

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
        arguments = {"level": level.name_attribute, "month": month, "order": self._order}
        if name is None:
            lists = partial(self._lists.names_of_month, level, month, self._order)
            return self._page_of_all(lists, "by month", name=None, **arguments)
        name = checked_name(level, name, level.name_attribute)
        listing = month_lists.names_of_month(
            self._context.tables, level, month, only=name, order=self._order
        )
        return self._page_of(level, name, listing, binding_of("by month", name=name, **arguments))

    def _page_of(self, level: Level, name: str, listing: Listing, binding: bytes) -> Page:
        page, context = self._page((listing,), binding), self._context
        if not page.items and self._token is None:
            context.unknown_names.record(
                Subject(level, name, context.overviews, context.repositories), self._path
            )
        return page

    def _page_of_all(
        self,
        lists: Callable[[Kept], Iterable[Listing]],
        field: str,
        **arguments: str | None,
    ) -> Page:
        """Return a page of everything that the key can read. Only the same key can continue."""
        limits = self._lists.limits
        bound = arguments if limits is None else {**arguments, "limits": limits}
        binding = binding_of(field, **bound)
        start = (
            ()
            if self._token is None
            else self._context.reader.cursors.decode(self._token, binding=binding).kept
        )
        return self._page(lists(start), binding)

    def _page(self, listings: Iterable[Listing], binding: bytes) -> Page:
        reader = self._context.reader
        return reader.page(listings, limit=self._limit, token=self._token, binding=binding)


def _none_if_unset(argument: T | None) -> T | None:
    return None if argument is UNSET else argument


def _month(argument: str | None) -> str | None:
    given = _none_if_unset(argument)
    return None if given is None else canonical_month(given)
