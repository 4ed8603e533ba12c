"""Batch reads: what DynamoDB leaves unprocessed is read again, and not forever."""

from collections.abc import Sequence
from typing import Any

import pytest

from ingest.backoff import Backoff
from ingest.tables import batch_reads
from ingest.tables.batch_reads import UnprocessedKeysError, read_items

BACKOFF = Backoff(first_s=1.0, longest_s=1.0)


class Table:
    """DynamoDB with an item under each key. It processes at most so many keys of each request."""

    def __init__(self, most: Sequence[int]) -> None:
        self._most = list(most)
        self.asked: list[int] = []

    def batch_get_item(self, *, RequestItems: Any) -> Any:  # noqa: N803
        keys = [(table, key) for table, part in RequestItems.items() for key in part["Keys"]]
        assert all(part["ConsistentRead"] for part in RequestItems.values())
        self.asked.append(len(keys))
        most = self._most.pop(0) if self._most else len(keys)
        response: dict[str, Any] = {"Responses": {}, "UnprocessedKeys": {}}
        for table, key in keys[:most]:
            response["Responses"].setdefault(table, []).append(key)
        for table, key in keys[most:]:
            part = {"Keys": [], "ConsistentRead": True}
            response["UnprocessedKeys"].setdefault(table, part)["Keys"].append(key)
        return response


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    made: list[int] = []
    monkeypatch.setattr(batch_reads, "pause", lambda _backoff, attempt: made.append(attempt))
    return made


def read(table: Table, number: int, *, attempts: int = 3) -> list[tuple[str, Any]]:
    keys = [(f"table {n % 2}", {"n": {"N": str(n)}}) for n in range(number)]
    found = list(
        read_items(table, keys, backoff=BACKOFF, attempts=attempts)  # type: ignore[arg-type]
    )
    assert sorted(found, key=str) == sorted(keys, key=str)
    return found


def test_keys_are_read_in_requests_of_a_hundred(pauses: list[int]) -> None:
    table = Table([])
    read(table, 201)
    assert table.asked == [100, 100, 1]
    assert pauses == []


def test_unprocessed_keys_are_read_again_after_a_pause(pauses: list[int]) -> None:
    table = Table([60, 0])
    read(table, 100)
    assert table.asked == [100, 40, 40]
    assert pauses == [0, 1]


def test_keys_that_stay_unprocessed_are_an_error(pauses: list[int]) -> None:
    with pytest.raises(UnprocessedKeysError):
        read(Table([1, 0, 0]), 5)
    assert pauses == [0, 1, 2]
