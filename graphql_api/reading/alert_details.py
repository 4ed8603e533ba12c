"""The details of alerts: what All Events contains about them and its indexes do not.

Owns when the details are read: as soon as a field needs those of one alert, for all alerts of its
page together. So a query that does not select such a field costs no read for them.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from graphql_api.reading.attribute_values import Item
from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import projection
from graphql_api.vocabulary.errors import ApiError
from ingest.alerts import attributes as of_alert

if TYPE_CHECKING:
    from ingest.facts.details import Details

_ATTRIBUTES = (
    *(of_alert.REPOSITORY_NAME, of_alert.ALERT_ID, of_alert.DETAILS, of_alert.REOPENED_AT),
)

Key = tuple[str, str]


class AlertDetails(NamedTuple):
    """The details of one alert, and the times of its last reopenings, ascending."""

    details: "Details"
    reopened_at: Sequence[str]

    @classmethod
    def of(cls, item: Item) -> Self:
        """Return the details in a row of the table."""
        # Most queries select no details: a start does not load the format.
        from ingest.alerts.packed_details import unpack_details  # noqa: PLC0415
        from ingest.facts.details import Details  # noqa: PLC0415

        packed, reopened = item.get(of_alert.DETAILS), item.get(of_alert.REOPENED_AT)
        return cls(
            Details() if packed is None else unpack_details(packed["S"]).details,
            () if reopened is None else [one["S"] for one in reopened["L"]],
        )


@cache
def _no_details() -> AlertDetails:
    return AlertDetails.of({})


class DetailsOfPage:
    """The details of the alerts of one page, or of any other number of alerts.

    Every method raises BudgetError if the request has used up its reads or bytes, and BusyError if
    DynamoDB throttles.
    """

    def __init__(self, reader: Reader, table: str, items: Sequence[Item] = ()) -> None:
        self._reader = reader
        self._table = table
        self._unread = items
        self._read: dict[Key, AlertDetails] = {}
        self._error: ApiError | None = None

    def of(self, item: Item) -> AlertDetails:
        """Return the details of an alert of the page; none if it moved or is gone meanwhile."""
        if self._error is not None:
            # A thousand alerts would otherwise repeat a read that fails.
            raise self._error
        if self._unread:
            try:
                self.read(self._unread)
            except ApiError as error:
                self._error = error
                raise
            self._unread = ()
        return self._read.get(_key(item)) or _no_details()

    def read(self, items: Iterable[Item]) -> None:
        """Read the details of more alerts at once."""
        # A list can contain an alert twice, if it changes between two reads of the list.
        keys = {_key(item): _primary_key(item) for item in items}
        rows = self._reader.batch(self._table, list(keys.values()), projection(_ATTRIBUTES))
        self._read |= {_key(row): AlertDetails.of(row) for page in rows for row in page}


def _key(item: Item) -> Key:
    return item[of_alert.REPOSITORY_NAME]["S"], item[of_alert.ALERT_ID]["N"]


def _primary_key(item: Item) -> dict[str, Any]:
    return {name: item[name] for name in (of_alert.REPOSITORY_NAME, of_alert.ALERT_ID)}
