"""Lists page by page: no row is repeated or missing, and cursors cannot be manipulated."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.reading import budget, month_lists, reader, tables
from graphql_api.reading.attribute_values import Item
from graphql_api.reading.budget import Budget
from graphql_api.reading.cursor import CursorCodec, binding_of
from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import Tables
from graphql_api.vocabulary.errors import BusyError, TooManyReadsError
from rollup.rows.overview_row import REPOSITORY
from tests.support.graphql_api.deployment import Deployment, alert, month_row

MONTHS = [f"2026-{number:02}" for number in range(1, 13)]
TABLES = Tables(
    all_events="AllEvents",
    repository_overview="RepositoryOverview",
    organisation_overview="OrganisationOverview",
    repositories="Repositories",
)
CURSORS = CursorCodec.of("a")

LISTS = {
    "getAlerts": ("getAlerts", 12),
    "getRepositoryOverviews": ("getRepositoryOverviews", 24),
    "getOrganisationOverviews": ("getOrganisationOverviews", 12),
    'repositoryOverviewbyRepositoryName(repositoryName: "octo/cat", sortDirection: desc': (
        "repositoryOverviewbyRepositoryName",
        12,
    ),
    'organisationOverviewbyOrganisationName(organisationName: "octo"': (
        "organisationOverviewbyOrganisationName",
        12,
    ),
    'repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "2026-07"': (
        "repositoryOverviewbyMonthlyPeriod",
        2,
    ),
    'organisationOverviewbyMonthlyPeriod(monthlyPeriod: "2026-07"': (
        "organisationOverviewbyMonthlyPeriod",
        1,
    ),
}


@pytest.fixture
def full(deployment: Deployment) -> Deployment:
    """Return twelve alerts, and twelve months of two repositories and their organisation."""
    deployment.record(*(alert(number) for number in range(1, 13)))
    for name in ("octo/ant", "octo/cat"):
        deployment.put("RepositoryOverview", [month_row(name, month) for month in MONTHS])
    deployment.put("OrganisationOverview", [month_row("octo", month) for month in MONTHS])
    return deployment


def page(deployment: Deployment, call: str, *, limit: int, token: str | None) -> Any:
    """Return a page of a list. `call` is without its closing parenthesis, or without both."""
    arguments = f"{call}{',' if '(' in call else '('}"
    query = f"""query ($token: String) {{
        page: {arguments} limit: {limit}, nextToken: $token) {{ data {{ id }} nextToken }}
    }}"""
    return deployment.ask(query, token=token).data["page"]


def all_pages(deployment: Deployment, call: str, *, limit: int) -> Iterator[list[str]]:
    token = None
    while True:
        response = page(deployment, call, limit=limit, token=token)
        yield [row["id"] for row in response["data"]]
        token = response["nextToken"]
        if token is None:
            return


@pytest.mark.parametrize("limit", [1, 5, 1_000])
@pytest.mark.parametrize("call", LISTS)
def test_pages_together_are_whole_list_in_order(full: Deployment, call: str, limit: int) -> None:
    whole = page(full, call, limit=1_000, token=None)["data"]
    pages = list(all_pages(full, call, limit=limit))
    assert [row for one in pages for row in one] == [row["id"] for row in whole]
    assert len(whole) == LISTS[call][1]
    assert all(len(one) == limit for one in pages[:-1])
    assert pages[-1], "no empty page at the end"


def test_rows_written_between_pages_move_no_other_row(full: Deployment) -> None:
    call = 'repositoryOverviewbyRepositoryName(repositoryName: "octo/cat"'
    first = page(full, call, limit=6, token=None)
    full.put("RepositoryOverview", [month_row("octo/cat", "2025-12")])
    key = {"repositoryName": {"S": "octo/cat"}, "period": {"S": "MONTH#2026-06"}}
    full.client.delete_item(TableName="RepositoryOverview", Key=key)
    second = page(full, call, limit=6, token=first["nextToken"])
    ids = [row["id"] for row in first["data"] + second["data"]]
    assert ids == [f"{month}/octo/cat" for month in MONTHS]


@pytest.mark.parametrize("call", LISTS)
def test_cursor_of_another_query_is_an_error(full: Deployment, call: str) -> None:
    cursors = {one: page(full, one, limit=1, token=None)["nextToken"] for one in LISTS}
    for other, cursor in cursors.items():
        if other == call or cursor is None:
            continue
        separator = "," if "(" in call else "("
        response = full.ask(
            f"query ($t: String) {{ {call}{separator} nextToken: $t) {{ nextToken }} }}", t=cursor
        )
        assert response.reasons == ["bad_cursor"]


def test_cursor_is_bound_to_order_but_not_to_limit(full: Deployment) -> None:
    call = 'repositoryOverviewbyRepositoryName(repositoryName: "octo/cat"'
    cursor = page(full, call, limit=2, token=None)["nextToken"]
    assert len(page(full, call, limit=3, token=cursor)["data"]) == 3
    turned = full.ask(
        f"query ($t: String) {{ {call}, sortDirection: desc, nextToken: $t) {{ nextToken }} }}",
        t=cursor,
    )
    assert turned.reasons == ["bad_cursor"]


BINDING = binding_of("field", name="x", order="asc")


class CountingClient:
    """DynamoDB client that reads two rows at a time, and throttles after a number of reads.

    A filter drops all rows but each fiftieth.
    """

    def __init__(self, *, throttled_after: int = 1_000, code: str = "ThrottlingException") -> None:
        self.reads = 0
        self.throttled_after = throttled_after
        self.code = code

    def scan(self, **request: Any) -> dict[str, Any]:
        self.reads += 1
        if self.reads > self.throttled_after:
            raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "Scan")
        start = request.get("ExclusiveStartKey", {"alertID": {"N": "0"}})
        first = int(start["alertID"]["N"]) + 1
        items = [self._item(number) for number in range(first, first + 2)]
        keys = {name: items[-1][name] for name in ("repositoryName", "alertID")}
        kept = [item for item in items if int(item["alertID"]["N"]) % 50 == 0]
        return {"Items": kept, "LastEvaluatedKey": keys}

    query = scan

    @staticmethod
    def _item(number: int) -> dict[str, dict[str, str]]:
        return {
            "repositoryName": {"S": "octo/cat"},
            "alertID": {"N": str(number)},
            "organisationName": {"S": "octo"},
        }


def unlimited(client: CountingClient) -> Reader:
    """Return a reader with access to all organisations."""
    return Reader(client, CURSORS, Access("ci"), Budget())  # type: ignore[arg-type]


def test_rows_that_the_filter_drops_are_skipped_with_limited_reads() -> None:
    client = CountingClient()
    rows: list[Item] = []
    token, pages = None, 0
    while len(rows) < 2:
        found = unlimited(client).page(
            [tables.all_alerts(TABLES)], limit=10, token=token, binding=BINDING
        )
        assert client.reads - pages * reader.READS_PER_PAGE == reader.READS_PER_PAGE
        rows += found.items
        token, pages = found.next_token, pages + 1
    assert [int(row["alertID"]["N"]) for row in rows] == [50, 100]
    assert pages == 5


def test_all_fields_share_limit_of_reads() -> None:
    client = CountingClient()
    mine = unlimited(client)
    for _ in range(budget.READS_PER_REQUEST // reader.READS_PER_PAGE):
        mine.page([tables.all_alerts(TABLES)], limit=10, token=None, binding=BINDING)
    with pytest.raises(TooManyReadsError):
        mine.page([tables.all_alerts(TABLES)], limit=10, token=None, binding=BINDING)
    assert client.reads == budget.READS_PER_REQUEST


def test_page_ends_when_reads_are_used_up() -> None:
    client = CountingClient()
    mine = unlimited(client)
    mine.budget.reads_left = 3
    found = mine.page([tables.all_alerts(TABLES)], limit=10, token=None, binding=BINDING)
    assert client.reads == 3
    assert found.next_token is not None


def test_throttled_read_is_busy_error() -> None:
    mine = unlimited(CountingClient(throttled_after=0))
    with pytest.raises(BusyError):
        mine.page([tables.all_alerts(TABLES)], limit=10, token=None, binding=BINDING)


def test_other_table_errors_are_not_busy() -> None:
    mine = unlimited(CountingClient(throttled_after=0, code="InternalServerError"))
    with pytest.raises(ClientError):
        mine.page([tables.all_alerts(TABLES)], limit=10, token=None, binding=BINDING)


def test_row_of_another_organisation_is_hidden(full: Deployment) -> None:
    request = tables.alert_request(TABLES, "octo/cat", 1)
    for organisations, seen in ((frozenset({"acme"}), False), (frozenset({"octo"}), True)):
        mine = Reader(full.client, CURSORS, Access("ci", organisations), Budget())
        assert (mine.one(request) is not None) is seen
    month = month_lists.overview_request(TABLES, REPOSITORY, "2026-11", "octo/cat")
    assert Reader(full.client, CURSORS, Access("ci", frozenset()), Budget()).one(month) is None


def test_request_over_read_limit_gets_partial_data_and_error(
    full: Deployment,
) -> None:
    fields = " ".join(f'a{n}: getAlert(id: "octo/cat/{n}") {{ id }}' for n in range(1, 13))
    service = query_handler._service()

    def stingy(access: Access) -> Any:
        context = service.context_of(access)
        context.budget.reads_left = 10
        return context

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(query_handler, "_service", lambda: service._replace(context_of=stingy))
        response = full.ask(f"{{ {fields} }}").json
    assert sum(value is not None for value in response["data"].values()) == 10
    assert {error["extensions"]["reason"] for error in response["errors"]} == {"too_many_reads"}
