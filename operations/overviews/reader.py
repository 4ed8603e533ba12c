"""Reads of all that is stored about a repository or an organisation, for an audit.

Owns the queries and scans. All reads are consistent, except those of indexes, which find names.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from ingest.alerts import alert_key
from ingest.alerts import attributes as of_alert
from ingest.alerts.alert_row import STATE_ATTRIBUTES, TOMBSTONE_ATTRIBUTES, is_alert
from ingest.backoff import pause
from ingest.revision import REVISION
from operations.overviews.comparison import StoredRow
from rollup.metrics.counts import Counts
from rollup.queues.forwarding import alert_entry, is_source
from rollup.rows import ledger, overview_row, parts
from rollup.rows.attributes import ORGANISATION_NAME, PARTS, REPOSITORY_NAME, SOURCE
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import REPOSITORY, Level
from rollup.rows.parts import Item, Keys
from rollup.rows.row_key import RowKey
from rollup.stores.item_reader import BACKOFF, MAX_ATTEMPTS, ContentionError, ItemWithParts
from rollup.stores.row_reader import entry_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_ALERT_ATTRIBUTES = (
    *(of_alert.REPOSITORY_NAME, of_alert.ALERT_ID, REVISION),
    *STATE_ATTRIBUTES,
    *TOMBSTONE_ATTRIBUTES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableNames:
    """The names of the tables of one deployment."""

    all_events: str
    repository_overview: str
    organisation_overview: str
    ledger: str

    def overview(self, level: Level) -> str:
        """Return the name of the table with the rows of a level."""
        return self.repository_overview if level is REPOSITORY else self.organisation_overview


class AuditReader:
    """The four tables of a deployment, for an audit."""

    def __init__(self, client: "DynamoDBClient", *, tables: TableNames) -> None:
        self._client = client
        self._tables = tables

    def alerts(self, repository: str) -> dict[SourceKey, Entry]:
        """Return a repository's alerts in All Events, without those that were never created."""
        items = self._query(
            self._tables.all_events,
            of_alert.REPOSITORY_NAME,
            repository,
            attributes=_ALERT_ATTRIBUTES,
        )
        return {(entry := alert_entry(item)).key: entry for item in items if is_source(item)}

    def counted_alerts(self, repository: str) -> dict[SourceKey, Entry]:
        """Return a repository's alerts in the ledger.

        Raises:
            ContentionError: An entry stayed incomplete.
        """
        return self._entries(ledger.alert_source(repository, 0).source)

    def counted_rows(self, repository: str) -> dict[SourceKey, Entry]:
        """Return a repository's rows in the ledger.

        Raises:
            ContentionError: An entry stayed incomplete.
        """
        return self._entries(ledger.row_source(repository, "").source)

    def row_entries(
        self, repository: str, counted: Mapping[SourceKey, Entry]
    ) -> dict[SourceKey, Entry]:
        """Return a repository's rows as its organisation should count them.

        If parts of a row are missing, its counts are unknown: fall back to the ledger, `counted`.
        """
        entries: dict[SourceKey, Entry] = {}
        for stored in self.rows(REPOSITORY, repository).values():
            entry = entry_of(stored.row)
            if stored.is_complete:
                entries[entry.key] = entry
            elif entry.key in counted:
                entries[entry.key] = counted[entry.key]
        return entries

    def rows(self, level: Level, name: str) -> dict[RowKey, StoredRow]:
        """Return the stored rows of a repository or an organisation."""
        table = self._tables.overview(level)
        items = self._items_with_parts(table, level.keys, name)
        rows = [_stored_row(level, item) for item in items]
        return {stored.row.key: stored for stored in rows}

    def revisions(self, level: Level, name: str) -> dict[RowKey, int]:
        """Return the current revisions of the rows of a repository or an organisation."""
        items = self._query(
            self._tables.overview(level),
            level.keys.partition,
            name,
            attributes=(*level.keys, REVISION),
        )
        return {overview_row.key_of_item(level, i): int(i[REVISION]["N"]) for i in items}

    def repositories_of(self, organisation: str) -> set[str]:
        """Return the names of an organisation's repositories in the indexes."""
        tables = (
            (self._tables.repository_overview, overview_row.BY_ORGANISATION),
            (self._tables.all_events, alert_key.BY_ORGANISATION),
        )
        return {
            item[REPOSITORY_NAME]["S"]
            for table, index in tables
            for item in self._query(
                table, ORGANISATION_NAME, organisation, index=index, attributes=(REPOSITORY_NAME,)
            )
        }

    def counted_repositories(self, organisation: str) -> set[str]:
        """Return the names of an organisation's repositories in the ledger, from a full scan."""
        items = self._scan(
            self._tables.ledger,
            (SOURCE,),
            {
                "FilterExpression": f"begins_with(#{SOURCE}, :rows)",
                "ExpressionAttributeValues": {
                    ":rows": {"S": ledger.row_source_prefix(organisation)}
                },
            },
        )
        return {ledger.repository_of(item[SOURCE]["S"]) for item in items}

    def repositories(self) -> set[str]:
        """Return the names of all repositories, from a full scan of three tables."""
        events = self._scan(self._tables.all_events, (of_alert.REPOSITORY_NAME, of_alert.STATE))
        rows = self._scan(self._tables.repository_overview, (REPOSITORY_NAME,))
        named = {item[REPOSITORY_NAME]["S"] for item in chain(filter(is_alert, events), rows)}
        items = self._scan(self._tables.ledger, (SOURCE,))
        return named | {ledger.repository_of(item[SOURCE]["S"]) for item in items}

    def organisations(self) -> set[str]:
        """Return the names of all organisations that have rows, from a full scan of their table."""
        items = self._scan(self._tables.organisation_overview, (ORGANISATION_NAME,))
        return {item[ORGANISATION_NAME]["S"] for item in items}

    def _entries(self, source: str) -> dict[SourceKey, Entry]:
        items = self._items_with_parts(self._tables.ledger, ledger.KEYS, source)
        if not all(parts.is_complete(*item) for item in items):
            raise ContentionError
        return {(entry := ledger.from_items(*item)).key: entry for item in items}

    def _items_with_parts(self, table: str, keys: Keys, name: str) -> list[ItemWithParts]:
        """Return the items of a partition, after the last attempt also incomplete ones."""
        found: list[ItemWithParts] = []
        for attempt in range(MAX_ATTEMPTS):
            items = {i[keys.sort]["S"]: i for i in self._query(table, keys.partition, name)}
            found = [
                ItemWithParts(item, _parts_of(item, items, keys))
                for sort_key, item in items.items()
                if not parts.is_part(sort_key)
            ]
            if all(parts.is_complete(*item) for item in found):
                break
            pause(BACKOFF, attempt)
        return found

    def _query(
        self,
        table: str,
        partition: str,
        name: str,
        *,
        attributes: tuple[str, ...] = (),
        index: str | None = None,
    ) -> Iterator[Item]:
        request: dict[str, Any] = {
            "TableName": table,
            "KeyConditionExpression": "#partition = :name",
            "ExpressionAttributeNames": {"#partition": partition},
            "ExpressionAttributeValues": {":name": {"S": name}},
            **({"IndexName": index} if index else {"ConsistentRead": True}),
        }
        return self._pages(self._client.query, request, attributes)

    def _scan(
        self, table: str, attributes: tuple[str, ...], options: Item | None = None
    ) -> Iterator[Item]:
        request = {"TableName": table, "ConsistentRead": True, **(options or {})}
        return self._pages(self._client.scan, request, attributes)

    def _pages(
        self, read: Callable[..., Any], request: dict[str, Any], attributes: tuple[str, ...]
    ) -> Iterator[Item]:
        if attributes:
            projected = {f"#{name}": name for name in attributes}
            request["ProjectionExpression"] = ",".join(projected)
            request.setdefault("ExpressionAttributeNames", {}).update(projected)
        while True:
            response = read(**request)
            yield from response["Items"]
            if "LastEvaluatedKey" not in response:
                return
            request["ExclusiveStartKey"] = response["LastEvaluatedKey"]


def _parts_of(item: Item, items: dict[str, Item], keys: Keys) -> list[Item]:
    sort_keys = [key[keys.sort]["S"] for key in parts.part_keys_of(item, keys=keys)]
    return [items[sort_key] for sort_key in sort_keys if sort_key in items]


def _stored_row(level: Level, found: ItemWithParts) -> StoredRow:
    item = found.item
    if parts.is_complete(*found):
        return StoredRow(overview_row.from_items(level, *found), item, is_complete=True)
    main_alone = {name: value for name, value in item.items() if name != PARTS}
    row = overview_row.from_items(level, main_alone)
    row = replace(row, counts=Counts(), parts=parts.part_count(item))
    return StoredRow(row, item, is_complete=False)
