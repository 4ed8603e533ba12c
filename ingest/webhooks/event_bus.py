"""The EventBridge bus that receives AlertEvents.

Owns the format of an entry and the meaning of a refusal.
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
    """One event bus."""

    def __init__(self, client: "EventBridgeClient", *, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, event: AlertEvent) -> None:
        """Send the event.

        Raises:
            BusUnavailableError: The bus did not accept the event.
        """
        try:
            response = self._client.put_events(
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
        if response["FailedEntryCount"]:
            raise BusUnavailableError
