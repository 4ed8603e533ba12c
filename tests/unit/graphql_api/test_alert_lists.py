"""Lists of alerts, held against the same list made by hand: any filter, order and page size."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.reading import reader
from ingest.event import AlertEvent
from ingest.terms import AlertState, Branch, ClosedAs, Ref, Severity
from tests.support.graphql_api.deployment import Deployment, alert, closing, deployed
from tests.support.graphql_api.dynamodb_rules import check_request, checked

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REPOSITORIES = ("octo/ant", "octo/bee", "octo/cat")
RULES = ("js/xss", "py/sql")
TOOLS = ("CodeQL", "Trivy", None)
FIELDS = "data { id createdAt closedAt state } nextToken"
Pair = tuple[AlertEvent, AlertEvent | None]


def world() -> list[Pair]:
    """Sixty alerts of three repositories, two thirds of them closed, many at the same moment."""
    pairs: list[Pair] = []
    for number in range(60):
        created = alert(
            number // 3 + 1,
            repository=REPOSITORIES[number % 3],
            severity=list(Severity)[number % 4],
            tool=TOOLS[number % 7 % 3],
            rule=RULES[number // 7 % 2],
            ref=Ref.OTHER if number % 5 == 0 else Ref.DEFAULT,
            created_at=NOW - timedelta(days=number // 4 * 3),
        )
        closed = None
        if number % 3:
            at = created.created_at + timedelta(days=number % 2)
            closed = closing(created, min(at, NOW), list(ClosedAs)[number % 6])
        pairs.append((created, closed))
    return pairs


WORLD = world()


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        for created, closed in WORLD:
            deployment.record(created, *([closed] if closed else []))
        service = query_handler._service()
        with checked(service.context_of(Access("tests")).reader.client):
            yield deployment


def some(values: Any) -> Any:
    return st.none() | st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


DAYS = st.none() | st.dates(date(2026, 9, 20), date(2026, 11, 26))


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    first, last = draw(DAYS), draw(DAYS)
    if first and last and first > last:
        first, last = last, first
    state = draw(st.none() | st.sampled_from(AlertState))
    return {
        "state": state,
        "from": first and first.isoformat(),
        "to": last and last.isoformat(),
        "filter": {
            "severity": draw(some(list(Severity)[:4])),
            "tool": draw(some([tool or "" for tool in TOOLS])),
            "branch": draw(st.none() | st.sampled_from(Branch)),
            "repository": draw(some(REPOSITORIES)),
        },
        "rule": draw(some(RULES)),
        "closedAs": draw(some(list(ClosedAs))) if state is AlertState.CLOSED else None,
        "sortDirection": draw(st.sampled_from(["asc", "desc"])),
        "limit": draw(st.sampled_from([1, 3, 7, 100])),
    }


def is_any(value: object, wanted: Any) -> bool:
    return wanted is None or value in wanted


def expected(scope: str, asked: dict[str, Any]) -> list[tuple[str, str]]:
    """The list by hand: (what it goes by, id), in any order of what goes by the same."""
    found = []
    for created, closed in WORLD:
        at = closed.happened_at if closed and asked["state"] is AlertState.CLOSED else None
        at = at or created.created_at
        condition = asked["filter"]
        branch = Branch.OTHER if created.ref is Ref.OTHER else Branch.DEFAULT
        if (
            scope in {"octo", created.repository}
            and asked["state"] in {None, AlertState.CLOSED if closed else AlertState.OPEN}
            and (asked["from"] is None or at.date().isoformat() >= asked["from"])
            and (asked["to"] is None or at.date().isoformat() <= asked["to"])
            and is_any(created.severity, condition["severity"])
            and is_any(created.tool or "", condition["tool"])
            and is_any(branch, condition["branch"] and {condition["branch"]})
            and is_any(created.repository, condition["repository"])
            and is_any(created.rule, asked["rule"])
            and is_any(closed and closed.closed_as, asked["closedAs"])
        ):
            found.append((at.isoformat(), created.alert_id))
    return sorted(found)


QUERY = f"""query ($state: AlertState, $from: Day, $to: Day, $filter: AlertFilter,
  $rule: [String!], $closedAs: [ClosedAs!], $sortDirection: Sort!, $limit: Int!,
  $nextToken: String) {{
  scope: SCOPE {{ alerts(state: $state, from: $from, to: $to, filter: $filter, rule: $rule,
    closedAs: $closedAs, sortDirection: $sortDirection, limit: $limit, nextToken: $nextToken) {{
    {FIELDS} }} }} }}"""


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(["octo", *REPOSITORIES]), questions())
def test_every_list_is_what_its_conditions_say_page_by_page(
    octo: Deployment, scope: str, asked: dict[str, Any]
) -> None:
    kind = "repository" if "/" in scope else "organisation"
    query = QUERY.replace("SCOPE", f'{kind}(name: "{scope}")')
    rows: list[dict[str, Any]] = []
    token = None
    while True:
        page = octo.ask(query, **asked, nextToken=token).data["scope"]["alerts"]
        assert len(page["data"]) <= asked["limit"]
        rows += page["data"]
        token = page["nextToken"]
        if token is None:
            break
    wanted = expected(scope, asked)
    assert sorted(row["id"] for row in rows) == sorted(name for _, name in wanted)
    is_closed = asked["state"] is AlertState.CLOSED
    times = [row["closedAt"] if is_closed else row["createdAt"] for row in rows]
    numbers = [int(row["id"].rpartition("/")[2]) for row in rows]
    order = numbers if kind == "repository" and asked["state"] is None else times
    assert order == sorted(order, reverse=asked["sortDirection"] == "desc")


def test_a_cursor_belongs_to_its_question_as_it_is_written(octo: Deployment) -> None:
    query = """query ($token: String, $from: Day, $order: Sort! = asc) {
      organisation(name: "octo") {
        alerts(from: $from, limit: 2, sortDirection: $order, nextToken: $token) {
          data { id } nextToken } } }"""

    def ask(**variables: Any) -> Any:
        return octo.ask(query, **variables)

    asked = {"from": "now-30d"}
    token = ask(**asked).data["organisation"]["alerts"]["nextToken"]
    assert ask(**asked, token=token).data["organisation"]["alerts"]["data"]
    # Another day, another spelling of it, or another order is another question.
    absolute = {"from": (NOW.date() - timedelta(days=30)).isoformat()}
    for other in (absolute, {"from": "now-29d"}, {**asked, "order": "desc"}, {}):
        assert ask(**other, token=token).reasons == ["bad_cursor"]


def test_pages_of_one_walk_belong_to_one_window_also_after_midnight(
    octo: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = """query ($token: String, $from: Day, $to: Day, $state: AlertState) {
      organisation(name: "octo") {
        alerts(from: $from, to: $to, state: $state, limit: 4, nextToken: $token) {
          data { id } nextToken } } }"""

    def walk(*, days_a_page: int, **asked: Any) -> list[str]:
        found, token = [], None
        for pages in count():
            now = NOW + pages * timedelta(days=days_a_page)
            monkeypatch.setattr("time.time_ns", partial(int, now.timestamp() * 1_000_000_000))
            page = octo.ask(query, token=token, **asked).data["organisation"]["alerts"]
            found += [row["id"] for row in page["data"]]
            token = page["nextToken"]
            if token is None:
                break
        return found

    for asked in (
        {"from": "now-30d"},
        {"from": "now-30d", "to": "now-3d", "state": "OPEN"},
        {"to": "now-6h", "state": "CLOSED"},
        {"from": "now-1M/M", "to": "2026-11-24"},
        # After midnight this window, worked out again, would end before it starts.
        {"from": "now/M", "to": "2026-11-24"},
    ):
        at_once = walk(days_a_page=0, **asked)
        assert len(at_once) > 8
        assert walk(days_a_page=5, **asked) == at_once


def test_a_page_whose_reads_are_used_up_is_short_and_goes_on(
    octo: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "READS_PER_PAGE", 1)

    def smaller(params: dict[str, Any], **_: object) -> None:
        params.setdefault("Limit", 5)

    client = query_handler._service().context_of(Access("tests")).reader.client
    client.meta.events.register("provide-client-params.dynamodb.Query", smaller)
    try:
        query = """query ($token: String) { organisation(name: "octo") {
          alerts(filter: {tool: "Trivy", severity: HIGH}, nextToken: $token) {
            data { id } nextToken } } }"""
        found, token, pages = [], None, 0
        while True:
            page = octo.ask(query, token=token).data["organisation"]["alerts"]
            found += [row["id"] for row in page["data"]]
            token, pages = page["nextToken"], pages + 1
            if token is None:
                break
    finally:
        client.meta.events.unregister("provide-client-params.dynamodb.Query", smaller)
    assert pages >= 60 // 5
    assert (
        len(found)
        == len(set(found))
        == sum(one.tool == "Trivy" and one.severity is Severity.HIGH for one, _ in WORLD)
    )


def test_alerts_without_a_tool_are_found_by_the_empty_string_alone_or_among_names(
    octo: Deployment,
) -> None:
    query = """query ($tool: [String!]) { organisation(name: "octo") {
      alerts(filter: {tool: $tool}, limit: 1000) { data { tool } } } }"""

    def found(*tools: str) -> set[str | None]:
        rows = octo.ask(query, tool=tools).data["organisation"]["alerts"]["data"]
        return {row["tool"] for row in rows}

    assert found("") == {None}
    assert found("", "Trivy") == {None, "Trivy"}
    assert found("Trivy", "", "CodeQL") == {None, "Trivy", "CodeQL"}
    assert found("nothing", "") == {None}


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("((attribute_not_exists(#a)))", "redundant parentheses"),
        ("(((#a IN (:v)) OR #a = :v))", "redundant parentheses"),
        (f"#a IN ({', '.join([':v'] * 101)})", "operands"),
    ],
)
def test_filters_that_dynamodb_refuses_are_noticed_here(expression: str, fault: str) -> None:
    request: dict[str, Any] = {
        "TableName": "AllEvents",
        "FilterExpression": expression,
        "ExpressionAttributeNames": {"#a": "tool"},
        "ExpressionAttributeValues": {":v": {"S": "CodeQL"}} if ":v" in expression else {},
    }
    with pytest.raises(AssertionError, match=fault):
        check_request(request)
