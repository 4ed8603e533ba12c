"""The EventBridge bus that receives AlertEvents and RepositoryEvents.

Owns the format of an entry and the meaning of a refusal.
"""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ingest.detail import DETAIL_TYPE, SOURCE, to_detail
from ingest.errors import BusUnavailableError
from ingest.event import AlertEvent
from ingest.repositories import repository_event
from ingest.repositories.repository_event import RepositoryEvent

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient


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
        self._put(DETAIL_TYPE, event.received_at, to_detail(event))

    def put_repository(self, event: RepositoryEvent) -> None:
        """Send an event about a repository.

        Raises:
            BusUnavailableError: The bus did not accept the event.
        """
        detail = repository_event.to_detail(event)
        self._put(repository_event.DETAIL_TYPE, event.received_at, detail)

    def _put(self, detail_type: str, at: datetime, detail: dict[str, object]) -> None:
        try:
            response = self._client.put_events(
                Entries=[
                    {
                        "EventBusName": self._name,
                        "Source": SOURCE,
                        "DetailType": detail_type,
                        "Time": at,
                        "Detail": json.dumps(detail),
                    }
                ]
            )
        except (ClientError, BotoCoreError) as error:
            raise BusUnavailableError from error
        if response["FailedEntryCount"]:
            raise BusUnavailableError
