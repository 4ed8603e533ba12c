"""Everything that is stored of a repository or an organisation, read for a comparison.

Owns the queries and scans of `audit`; all but those for names are consistent.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from ingest.alerts import alert_key
from ingest.alerts.alert_row import is_alert
from ingest.backoff import pause
from operations.overviews.comparison import Found
from rollup.metrics.counts import Counts
from rollup.queues.forwarding import alert_entry
from rollup.rows import ledger, overview_row, parts
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import REPOSITORY, Level
from rollup.rows.parts import Item, Keys
from rollup.rows.row_key import RowKey
from rollup.stores.item_reader import BACKOFF, MAX_ATTEMPTS, ContentionError, ItemWithParts
from rollup.stores.row_reader import entry_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_ALERT_ATTRIBUTES = (
    *("repositoryName", "alertID", "revision", "createdAt", "repositorySpelling"),
    *("alertURL", "severity", "tool", "rule", "branch", "closedAt", "closedAs", "reopenedAt"),
    *("earlierClosings", "lastEventAt", "spelledAt", "state"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableNames:
    """The tables of one deployment."""

    all_events: str
    repository_overview: str
    organisation_overview: str
    ledger: str

    def overview(self, level: Level) -> str:
        """The table of one level."""
        return self.repository_overview if level is REPOSITORY else self.organisation_overview


class AuditReader:
    """The four tables."""

    def __init__(self, client: "DynamoDBClient", *, tables: TableNames) -> None:
        self._client = client
        self._tables = tables

    def alerts(self, repository: str) -> dict[SourceKey, Entry]:
        """A repository's alerts as All Events has them; changes of unknown ones do not count."""
        items = self._query(
            self._tables.all_events, "repositoryName", repository, attributes=_ALERT_ATTRIBUTES
        )
        return {(entry := alert_entry(item)).key: entry for item in items if is_alert(item)}

    def alerts_counted(self, repository: str) -> dict[SourceKey, Entry]:
        """A repository's alerts as the ledger has them."""
        return self._entries(ledger.alert_source(repository, 0).source)

    def rows_counted(self, repository: str) -> dict[SourceKey, Entry]:
        """A repository's rows as the ledger has them."""
        return self._entries(ledger.row_source(repository, "").source)

    def row_entries(
        self, repository: str, counted: Mapping[SourceKey, Entry]
    ) -> dict[SourceKey, Entry]:
        """A repository's rows as its organisation should count them.

        Of a row whose parts are lost nothing is known better than what is counted.
        """
        entries: dict[SourceKey, Entry] = {}
        for one in self.rows(REPOSITORY, repository).values():
            entry = entry_of(one.row)
            if one.is_whole:
                entries[entry.key] = entry
            elif entry.key in counted:
                entries[entry.key] = counted[entry.key]
        return entries

    def rows(self, level: Level, name: str) -> dict[RowKey, Found]:
        """The rows of a repository or organisation."""
        table = self._tables.overview(level)
        wholes = self._wholes(table, level.keys, name)
        found = [_found(level, whole) for whole in wholes]
        return {one.row.key: one for one in found}

    def revisions(self, level: Level, name: str) -> dict[RowKey, int]:
        """The revisions of the rows of a repository or organisation."""
        items = self._query(
            self._tables.overview(level),
            level.keys.partition,
            name,
            attributes=(*level.keys, "revision"),
        )
        return {overview_row.key_of_item(level, i): int(i["revision"]["N"]) for i in items}

    def repositories_of(self, organisation: str) -> set[str]:
        """The repositories that indexes find under an organisation."""
        tables = (
            (self._tables.repository_overview, overview_row.BY_ORGANISATION),
            (self._tables.all_events, alert_key.BY_ORGANISATION),
        )
        return {
            item["repositoryName"]["S"]
            for table, index in tables
            for item in self._query(
                table, "organisationName", organisation, index=index, attributes=("repositoryName",)
            )
        }

    def repositories_counted_for(self, organisation: str) -> set[str]:
        """The repositories of an organisation of which the ledger has any row: a whole scan."""
        items = self._scan(
            self._tables.ledger,
            ("source",),
            {
                "FilterExpression": "begins_with(#source, :rows)",
                "ExpressionAttributeValues": {
                    ":rows": {"S": ledger.row_source_prefix(organisation)}
                },
            },
        )
        return {ledger.repository_of(item["source"]["S"]) for item in items}

    def repositories(self) -> set[str]:
        """Every repository of which anything is stored: a scan of three tables."""
        events = self._scan(self._tables.all_events, ("repositoryName", "state"))
        rows = self._scan(self._tables.repository_overview, ("repositoryName",))
        named = {item["repositoryName"]["S"] for item in chain(filter(is_alert, events), rows)}
        items = self._scan(self._tables.ledger, ("source",))
        return named | {ledger.repository_of(item["source"]["S"]) for item in items}

    def organisations(self) -> set[str]:
        """Every organisation with rows of its own: a scan of their table."""
        items = self._scan(self._tables.organisation_overview, ("organisationName",))
        return {item["organisationName"]["S"] for item in items}

    def _entries(self, source: str) -> dict[SourceKey, Entry]:
        wholes = self._wholes(self._tables.ledger, ledger.KEYS, source)
        if not all(parts.is_complete(*whole) for whole in wholes):
            raise ContentionError
        return {(entry := ledger.from_items(*whole)).key: entry for whole in wholes}

    def _wholes(self, table: str, keys: Keys, name: str) -> list[ItemWithParts]:
        wholes: list[ItemWithParts] = []
        for attempt in range(MAX_ATTEMPTS):
            items = {i[keys.sort]["S"]: i for i in self._query(table, keys.partition, name)}
            wholes = [
                ItemWithParts(item, _parts_of(item, items, keys))
                for sort_key, item in items.items()
                if not parts.is_part(sort_key)
            ]
            if all(parts.is_complete(*whole) for whole in wholes):
                break
            pause(BACKOFF, attempt)
        return wholes

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
        self, table: str, attributes: tuple[str, ...], narrowed: Item | None = None
    ) -> Iterator[Item]:
        request = {"TableName": table, "ConsistentRead": True, **(narrowed or {})}
        return self._pages(self._client.scan, request, attributes)

    def _pages(
        self, read: Callable[..., Any], request: dict[str, Any], attributes: tuple[str, ...]
    ) -> Iterator[Item]:
        if attributes:
            projected = {f"#{name}": name for name in attributes}
            request["ProjectionExpression"] = ",".join(projected)
            request.setdefault("ExpressionAttributeNames", {}).update(projected)
        while True:
            answer = read(**request)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _parts_of(item: Item, items: dict[str, Item], keys: Keys) -> list[Item]:
    sort_keys = [key[keys.sort]["S"] for key in parts.part_keys_of(item, keys=keys)]
    return [items[sort_key] for sort_key in sort_keys if sort_key in items]


def _found(level: Level, whole: ItemWithParts) -> Found:
    item = whole.item
    if parts.is_complete(*whole):
        return Found(overview_row.from_items(level, *whole), item, is_whole=True)
    alone = {name: value for name, value in item.items() if name != "parts"}
    row = overview_row.from_items(level, alone)
    return Found(replace(row, counts=Counts(), parts=parts.part_count(item)), item, is_whole=False)
