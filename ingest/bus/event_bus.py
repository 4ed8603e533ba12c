"""The EventBridge bus that receives AlertEvents and RepositoryEvents.

Owns the format of an entry, the size of a request, and the meaning of a refusal.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from ingest import instant
from ingest.backoff import Backoff, pause
from ingest.errors import BusUnavailableError
from ingest.events import repository_event
from ingest.events.alert_detail import DETAIL_TYPE, SOURCE, to_detail
from ingest.events.alert_event import AlertEvent
from ingest.events.repository_event import RepositoryEvent

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient
    from types_boto3_events.type_defs import (
        PutEventsRequestEntryTypeDef,
        PutEventsResponseTypeDef,
    )

MOST_ENTRIES = 10
"""The most entries of a request, by EventBridge."""
MOST_BYTES = 200_000
"""The most bytes of the details in a request. EventBridge accepts 256 KiB with everything."""

MAX_ATTEMPTS = 8
_BACKOFF = Backoff(first_s=0.1, longest_s=5.0)


class EventBus:
    """One event bus."""

    def __init__(self, client: "EventBridgeClient", *, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, event: AlertEvent) -> None:
        """Send an event about an alert.

        Raises:
            BusUnavailableError: The bus did not accept the event.
        """
        self._put_one(self._entry_of_alert(event))

    def put_repository(self, event: RepositoryEvent) -> None:
        """Send an event about a repository.

        Raises:
            BusUnavailableError: The bus did not accept the event.
        """
        detail = repository_event.to_detail(event)
        self._put_one(self._entry(repository_event.DETAIL_TYPE, event.received_at, detail))

    def put_all(self, events: Iterable[AlertEvent]) -> None:
        """Send the events in few requests. What the bus does not accept is sent again.

        Raises:
            BusUnavailableError: The bus did not accept an event. It can have accepted others.
        """
        self._put_entries(self._entry_of_alert(event) for event in events)

    def put_again(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Send events that the bus has had before, in the form in which it passed them on.

        They keep their time, so that the archive has them in the same period.

        Raises:
            BusUnavailableError: The bus did not accept an event. It can have accepted others.
        """
        self._put_entries(
            self._entry(event["detail-type"], instant.parse(event["time"]), event["detail"])
            for event in events
        )

    def _put_entries(self, entries: "Iterable[PutEventsRequestEntryTypeDef]") -> None:
        for batch in batches(entries):
            waiting = batch
            for attempt in range(MAX_ATTEMPTS):
                waiting = self._refused(waiting)
                if not waiting:
                    break
                pause(_BACKOFF, attempt)
            else:
                raise BusUnavailableError

    def _refused(
        self, entries: "Sequence[PutEventsRequestEntryTypeDef]"
    ) -> "Sequence[PutEventsRequestEntryTypeDef]":
        """Send entries, and return those that the bus refused."""
        response = self._send(entries)
        if not response["FailedEntryCount"]:
            return ()
        results = zip(entries, response["Entries"], strict=True)
        return [entry for entry, result in results if "ErrorCode" in result]

    def _put_one(self, entry: "PutEventsRequestEntryTypeDef") -> None:
        if self._send([entry])["FailedEntryCount"]:
            raise BusUnavailableError

    def _send(
        self, entries: "Sequence[PutEventsRequestEntryTypeDef]"
    ) -> "PutEventsResponseTypeDef":
        try:
            return self._client.put_events(Entries=entries)
        except (ClientError, BotoCoreError) as error:
            raise BusUnavailableError from error

    def _entry_of_alert(self, event: AlertEvent) -> "PutEventsRequestEntryTypeDef":
        return self._entry(DETAIL_TYPE, event.received_at, to_detail(event))

    def _entry(
        self, detail_type: str, at: datetime, detail: Mapping[str, object]
    ) -> "PutEventsRequestEntryTypeDef":
        return {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": detail_type,
            "Time": at,
            "Detail": json.dumps(detail),
        }


def batches(
    entries: "Iterable[PutEventsRequestEntryTypeDef]",
) -> "Iterator[Sequence[PutEventsRequestEntryTypeDef]]":
    """Yield the entries in order, in groups that fit in a request."""
    batch: list[PutEventsRequestEntryTypeDef] = []
    size = 0
    for entry in entries:
        # `json.dumps` writes ASCII only.
        length = len(entry["Detail"])
        if batch and (len(batch) == MOST_ENTRIES or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += length
    if batch:
        yield batch
