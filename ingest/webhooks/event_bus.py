"""Putting one AlertEvent onto the EventBridge bus.

Owns the entry's form and what a refusal means.
"""

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ingest.detail import DETAIL_TYPE, SOURCE, to_detail
from ingest.errors import BusUnavailableError
from ingest.event import AlertEvent

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient


class EventBus:
    """One bus."""

    def __init__(self, client: "EventBridgeClient", *, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, event: AlertEvent) -> None:
        """Put the event. Raises BusUnavailableError unless the bus took it."""
        try:
            answer = self._client.put_events(
                Entries=[
                    {
                        "EventBusName": self._name,
                        "Source": SOURCE,
                        "DetailType": DETAIL_TYPE,
                        "Time": event.received_at,
                        "Detail": json.dumps(to_detail(event)),
                    }
                ]
            )
        except (ClientError, BotoCoreError) as error:
            raise BusUnavailableError from error
        if answer["FailedEntryCount"]:
            raise BusUnavailableError
