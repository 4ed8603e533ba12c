"""Overview rows are read completely, across pages, batches and parts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graphql_api.access.access import Access
from graphql_api.reading import overview_lists
from graphql_api.reading.budget import Budget
from graphql_api.reading.cursor import CursorCodec
from graphql_api.reading.overviews import Overviews
from graphql_api.reading.reader import Reader
from graphql_api.reading.table_client import KEYS_PER_READ
from graphql_api.reading.tables import Listing, Tables
from ingest.terms import ClosedAs
from rollup.rows import overview_row, parts
from rollup.rows.parts import TornRowError
from tests.support.graphql_api.deployment import Deployment, alert, closing

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_all_parts_of_split_row_are_counted(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MAX_CELLS_BYTES", 60)
    monkeypatch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
    tools = [f"scanner {number}" for number in range(6)]
    alerts = [
        alert(number + 1, tool=tool, created_at=NOW - timedelta(days=40))
        for number, tool in enumerate(tools)
    ]
    fixes = [closing(one, NOW - timedelta(days=1), ClosedAs.FIXED) for one in alerts[::2]]
    deployment.record(*alerts, *fixes)
    deployment.roll_up()
    window = 'from: "now-2M", to: "now-30d", interval: TOTAL, groupBy: TOOL'
    for scope in ('organisation(name: "octo")', 'repository(name: "octo/cat")'):
        for basis, closed in (("CLOSED", 0), ("OPENED", 1)):
            fields = "group opened closed openAtEnd"
            query = f"{{ {scope} {{ metrics({window}, basis: {basis}) {{ {fields} }} }} }}"
            (response,) = deployment.ask(query).data.values()
            assert [tuple(row.values()) for row in response["metrics"]] == [
                (tool, 1, closed * (number % 2 == 0), 1) for number, tool in enumerate(tools)
            ]
    stored = deployment.client.scan(TableName="OrganisationOverview")["Items"]
    assert any("parts" in item for item in stored)


def test_row_that_changes_between_reads_is_read_again(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MAX_CELLS_BYTES", 60)
    monkeypatch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
    deployment.record(
        *(
            alert(number, tool=f"scanner {number}", created_at=NOW - timedelta(days=1))
            for number in range(1, 7)
        )
    )
    deployment.roll_up()
    query = '{ organisation(name: "octo") { metrics(interval: TOTAL) { opened } } }'
    packed_of, torn = overview_row.packed_of, [True, True]

    def tear(item: Any, parts: Any) -> Any:
        if torn and torn.pop():
            raise TornRowError
        return packed_of(item, parts)

    monkeypatch.setattr(overview_row, "packed_of", tear)
    assert deployment.ask(query).data == {"organisation": {"metrics": [{"opened": 6}]}}
    assert torn == []
    torn += [True] * 4
    assert deployment.ask(query).reasons == ["busy"]


@pytest.mark.parametrize("cohorts", [False, True])
def test_cohorts_are_read_only_if_a_query_needs_them(cohorts: bool) -> None:
    selected: list[dict[str, Any]] = []

    class NoRows:
        """Reads no rows, and notes what it would read."""

        budget = Budget()

        def pages(self, listing: Listing) -> Iterator[Any]:
            selected.append(listing.request)
            return iter(())

        def batch(self, _table: str, _keys: object, attributes: dict[str, Any]) -> Iterator[Any]:
            selected.append(attributes)
            return iter(())

    reader: Any = NoRows()
    tables = Tables(
        all_events="a", repository_overview="r", organisation_overview="o", repositories="f"
    )
    overviews, keys = Overviews(reader, tables), ["MONTH#2026-01"]
    for pages in (
        overviews.of_name(overview_row.ORGANISATION, "octo", keys, cohorts=cohorts),
        overviews.of_organisation("octo", keys, cohorts=cohorts),
        overviews.of_repositories("octo", ["octo/cat"], keys, cohorts=cohorts),
    ):
        assert not any(pages)
    assert [("#cohorts" in one["ExpressionAttributeNames"]) for one in selected] == [cohorts] * 3
    list(overviews.of_name(overview_row.ORGANISATION, "octo", ["ALL"], cohorts=cohorts))
    assert "#cohorts" not in selected[-1]["ExpressionAttributeNames"]


def test_all_pages_and_batches_are_read() -> None:
    class Client:
        """Returns one row for each call, and ends with the third."""

        calls = 0

        def query(self, **_request: object) -> dict[str, Any]:
            self.calls += 1
            more = {"LastEvaluatedKey": {"period": {"S": "x"}}} if self.calls < 3 else {}
            return {"Items": [{"organisationName": {"S": "octo"}}], **more}

        def batch_get_item(self, **request: Any) -> dict[str, Any]:
            self.calls += 1
            ((table, wanted),) = request["RequestItems"].items()
            assert len(wanted["Keys"]) <= KEYS_PER_READ
            first, *rest = wanted["Keys"]
            left = {table: {"Keys": rest}} if rest and self.calls < 4 else {}
            return {"Responses": {table: [first]}, "UnprocessedKeys": left}

    names = Tables(
        all_events="a", repository_overview="r", organisation_overview="o", repositories="f"
    )
    client: Any = Client()
    mine = Reader(client, CursorCodec.of("x"), Access("tests"), Budget())
    listing = overview_lists.of_name(names, overview_row.REPOSITORY, "octo/cat", "ALL", "ALL")
    assert len(mine.all(listing)) == 3
    client.calls = 0
    pages = mine.batch("r", [{"n": number} for number in range(3)])
    assert [len(page) for page in pages] == [1, 1, 1]
