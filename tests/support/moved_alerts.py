"""Alerts of repositories that change their names: events, and the tables of the recorder (moto)."""

from collections import Counter
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from ingest.alerts.alert_row import AlertRow
from ingest.alerts.alert_store import AlertStore
from ingest.events.alert_event import AlertEvent
from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.recording.mover import Mover
from ingest.recording.recorder import Recorder
from ingest.repositories.repository_store import RepositoryStore
from ingest.terms import Action, ClosedAs
from tests.support.alert_events import CREATED, at
from tests.support.rollup_stack import make_table

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_SUFFIXES = count()


def seen(name: str, minutes: int, repository_id: int = 7) -> SeenRepository:
    return SeenRepository(id=repository_id, name=name, seen_at=at(minutes), facts=RepositoryFacts())


def created(
    name: str, minutes: int = 0, repository_id: int | None = 7, *, number: int = 7
) -> AlertEvent:
    return replace(
        CREATED,
        repository=name,
        number=number,
        url=f"https://github.com/{name}/security/code-scanning/{number}",
        seen=None if repository_id is None else seen(name, minutes, repository_id),
    )


def fixed(name: str, minutes: int, repository_id: int | None = 7, *, number: int = 7) -> AlertEvent:
    return replace(
        created(name, minutes, repository_id, number=number),
        action=Action.FIXED,
        closed_as=ClosedAs.FIXED,
        happened_at=at(minutes),
    )


class Tables:
    """New tables of alerts and repositories, and the number of requests to them by kind."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self.client = client
        self.requests: Counter[str] = Counter()
        client.meta.events.register("before-call.dynamodb", self._count)
        suffix = next(_SUFFIXES)
        self.events, self.known = f"events-{suffix}", f"repositories-{suffix}"
        make_table(client, self.events, "repositoryName", "alertID", indexes={})
        make_table(client, self.known, "repository", indexes={})
        self.alerts = AlertStore(client, table=self.events)
        self.repositories = RepositoryStore(client, table=self.known)

    def _count(self, *, model: Any, **_: Any) -> None:
        self.requests[model.name] += 1

    def recorder(self, client: Any = None) -> Recorder:
        """Return a recorder with an empty cache, as in another Lambda environment."""
        return Recorder(client or self.client, **self._stores(client))

    def mover(self, client: Any = None) -> Mover:
        return Mover(client or self.client, **self._stores(client))

    def _stores(self, client: Any) -> dict[str, Any]:
        used = client or self.client
        return {
            "alerts": AlertStore(used, table=self.events),
            "repositories": RepositoryStore(used, table=self.known),
        }

    def settle(self, *repository_ids: int) -> None:
        """Run the mover until nothing is left to do."""
        mover = self.mover()
        while not all(self.is_settled(one) for one in repository_ids):
            for one in repository_ids:
                assert mover.settle(one, has_time=lambda: True)

    def is_settled(self, repository_id: int) -> bool:
        known = self.repositories.read(repository_id)
        return known is None or not known.is_pending

    def rows(self) -> dict[tuple[str, int], AlertRow]:
        """Return the rows by name and number, without those that moved."""
        items = self.client.scan(TableName=self.events)["Items"]
        names = {item["repositoryName"]["S"] for item in items}
        rows = [row for name in names for row in self.alerts.rows_of(name)]
        return {(row.repository, row.number): row for row in rows}
