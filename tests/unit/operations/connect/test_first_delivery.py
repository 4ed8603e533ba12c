"""The state of the newest delivery in plain words."""

from datetime import UTC, datetime

import pytest

from github_rest.deliveries import Delivery
from operations.connect.first_delivery import state_of


@pytest.mark.parametrize(
    ("status", "status_code", "state"),
    [
        ("Invalid HTTP Response: 401", 401, "does not have the secret of the App yet"),
        ("Invalid HTTP Response: 403", 403, "Check the setting metaUrl"),
        ("timed out", 504, "could not deliver the event ping: timed out."),
    ],
)
def test_failed_delivery_is_explained(status: str, status_code: int, state: str) -> None:
    delivery = Delivery(
        id=1,
        guid="g",
        delivered_at=datetime(2026, 11, 25, tzinfo=UTC),
        redelivery=False,
        status=status,
        status_code=status_code,
        event="ping",
        action=None,
        installation_id=None,
        repository_id=None,
    )
    assert state in state_of(delivery)


def test_no_delivery_is_a_state_too() -> None:
    assert state_of(None) == "GitHub has not sent anything yet."
