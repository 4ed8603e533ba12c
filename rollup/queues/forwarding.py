"""From the records of a stream to messages: the sources that changed, at their newest revision.

Owns only that mapping. Pure, so a batch that is delivered twice gives the same messages.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ingest import origin
from ingest.alerts import alert_row
from ingest.alerts import attributes as of_alert
from ingest.names import owner_of
from ingest.origin import Origins, merged
from ingest.revision import REVISION
from rollup.queues.message import Message, pack_alerts, pack_rows
from rollup.rows.contribution import AlertContribution
from rollup.rows.ledger import Entry, SourceKey, alert_source
from rollup.rows.overview_row import REPOSITORY, key_of_item
from rollup.rows.parts import Item, is_part
from rollup.rows.row_key import RowRevision

Record = dict[str, Any]


def alert_entry(item: Item) -> Entry:
    """Return the ledger entry for a source, from its item in All Events (see `is_source`)."""
    repository = item[of_alert.REPOSITORY_NAME]["S"]
    return Entry(
        alert_source(repository, int(item[of_alert.ALERT_ID]["N"])),
        int(item[REVISION]["N"]),
        AlertContribution.of(repository, alert_row.state_from_item(item))
        if alert_row.is_alert(item)
        else None,
        origins=origin.from_item(item),
    )


def is_source(item: Item) -> bool:
    """Return whether an item of All Events is a source: an alert, or the tombstone of one.

    Other items contain only changes of an alert that was never created.
    """
    return alert_row.is_alert(item) or alert_row.is_tombstone(item)


def alert_messages(records: Iterable[Record]) -> Iterator[Message]:
    """Yield the messages for repository overviews, from records of the stream of All Events.

    Rows that are not a source are left out. When such a row expires, its record does not have a new
    image.
    """
    newest: dict[str, dict[SourceKey, Entry]] = {}
    for item in filter(is_source, _new_images(records)):
        entry = alert_entry(item)
        entries = newest.setdefault(item[of_alert.REPOSITORY_NAME]["S"], {})
        known = entries.get(entry.key, entry)
        later = entry if known.revision < entry.revision else known
        entries[entry.key] = replace(later, origins=merged((known.origins, entry.origins)))
    for repository, entries in newest.items():
        yield from pack_alerts(repository, list(entries.values()))


def row_messages(records: Iterable[Record]) -> Iterator[Message]:
    """Yield the messages for organisation overviews, from the stream of Repository Overview."""
    newest: dict[str, dict[tuple[str, str], RowRevision]] = {}
    for item in _new_images(records):
        key = key_of_item(REPOSITORY, item)
        if is_part(key.period):
            continue
        row = RowRevision(key, int(item[REVISION]["N"]), origin.from_item(item))
        rows = newest.setdefault(owner_of(key.name), {})
        known = rows.get(row.key, row)
        later = row if known.revision < row.revision else known
        rows[row.key] = later._replace(origins=merged((known.origins, row.origins)))
    for organisation, rows in newest.items():
        yield from pack_rows(organisation, list(rows.values()))


def origins_of(records: Iterable[Record]) -> Origins:
    """Return the origins of all rows in the records of either stream."""
    return merged(map(origin.from_item, _new_images(records)))


def _new_images(records: Iterable[Record]) -> Iterator[dict[str, Any]]:
    return (
        record["dynamodb"]["NewImage"] for record in records if "NewImage" in record["dynamodb"]
    )
