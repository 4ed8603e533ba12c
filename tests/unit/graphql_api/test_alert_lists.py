"""Lists of alerts equal a simple model, for any filter, order and page size."""

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
from ingest.events.alert_event import AlertEvent
from ingest.terms import AlertState, Branch, ClosedAs, Ref, Severity
from rollup.service_levels.targets import targets_text
from tests.support.examples import examples
from tests.support.graphql_api.deployment import Deployment, alert, closing, deployed
from tests.support.graphql_api.dynamodb_rules import check_request, checked

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REPOSITORIES = ("octo/ant", "octo/bee", "octo/cat")
RULES = ("js/xss", "py/sql")
TOOLS = ("CodeQL", "Trivy", None)
TARGETS = {Severity.CRITICAL: 7, Severity.HIGH: 24, Severity.LOW: 3}
"""One open alert is due exactly now, so it is not overdue."""
FIELDS = "data { id createdAt closedAt state severity dueAt overdue } nextToken"
Pair = tuple[AlertEvent, AlertEvent | None]


def sixty_alerts() -> list[Pair]:
    """Return alerts of three repositories, two thirds of them closed, many at the same time."""
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


ALERTS = sixty_alerts()
SETTINGS = {"SERVICE_LEVELS": targets_text(TARGETS)}


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    with pytest.MonkeyPatch.context() as patch, deployed(patch, **SETTINGS) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        for created, closed in ALERTS:
            deployment.record(created, *([closed] if closed else []))
        service = query_handler._service()
        with checked(service.context_of(Access("tests")).reader.client):
            yield deployment


def one_to_three(values: Any) -> Any:
    return st.none() | st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


DAYS = st.none() | st.dates(date(2026, 9, 20), date(2026, 11, 26))


@st.composite
def alert_arguments(draw: st.DrawFn) -> dict[str, Any]:
    first, last = draw(DAYS), draw(DAYS)
    if first and last and first > last:
        first, last = last, first
    state = draw(st.none() | st.sampled_from(AlertState))
    return {
        "state": state,
        "from": first and first.isoformat(),
        "to": last and last.isoformat(),
        "filter": {
            "severity": draw(one_to_three(list(Severity)[:4])),
            "tool": draw(one_to_three([tool or "" for tool in TOOLS])),
            "branch": draw(st.none() | st.sampled_from(Branch)),
            "repository": draw(one_to_three(REPOSITORIES)),
        },
        "rule": draw(one_to_three(RULES)),
        "closedAs": draw(one_to_three(list(ClosedAs))) if state is AlertState.CLOSED else None,
        "overdue": draw(st.none() | st.booleans()) if state is AlertState.OPEN else None,
        "sortDirection": draw(st.sampled_from(["asc", "desc"])),
        "limit": draw(st.sampled_from([1, 3, 7, 100])),
    }


def is_any(value: object, wanted: Any) -> bool:
    return wanted is None or value in wanted


def due_at(created: AlertEvent) -> datetime | None:
    days = TARGETS.get(created.severity)
    return None if days is None else created.created_at + timedelta(days=days)


def is_overdue(created: AlertEvent) -> bool:
    due = due_at(created)
    return due is not None and due < NOW


def expected(scope: str, arguments: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the time and the id of each expected alert, by time; equal times in any order."""
    found = []
    for created, closed in ALERTS:
        at = closed.happened_at if closed and arguments["state"] is AlertState.CLOSED else None
        at = at or created.created_at
        condition = arguments["filter"]
        branch = Branch.OTHER if created.ref is Ref.OTHER else Branch.DEFAULT
        if (
            scope in {"octo", created.repository}
            and arguments["state"] in {None, AlertState.CLOSED if closed else AlertState.OPEN}
            and (arguments["from"] is None or at.date().isoformat() >= arguments["from"])
            and (arguments["to"] is None or at.date().isoformat() <= arguments["to"])
            and is_any(created.severity, condition["severity"])
            and is_any(created.tool or "", condition["tool"])
            and is_any(branch, condition["branch"] and {condition["branch"]})
            and is_any(created.repository, condition["repository"])
            and is_any(created.rule, arguments["rule"])
            and is_any(closed and closed.closed_as, arguments["closedAs"])
            and arguments["overdue"] in {None, is_overdue(created)}
        ):
            found.append((at.isoformat(), created.alert_id))
    return sorted(found)


QUERY = f"""query ($state: AlertState, $from: Day, $to: Day, $filter: AlertFilter,
  $rule: [String!], $closedAs: [ClosedAs!], $overdue: Boolean, $sortDirection: Sort!, $limit: Int!,
  $nextToken: String) {{
  scope: SCOPE {{ alerts(state: $state, from: $from, to: $to, filter: $filter, rule: $rule,
    closedAs: $closedAs, overdue: $overdue, sortDirection: $sortDirection, limit: $limit,
    nextToken: $nextToken) {{
    {FIELDS} }} }} }}"""


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from(["octo", *REPOSITORIES]), alert_arguments())
def test_pages_contain_exactly_the_matching_alerts_in_order(
    octo: Deployment, scope: str, arguments: dict[str, Any]
) -> None:
    kind = "repository" if "/" in scope else "organisation"
    query = QUERY.replace("SCOPE", f'{kind}(name: "{scope}")')
    rows: list[dict[str, Any]] = []
    token = None
    while True:
        page = octo.ask(query, **arguments, nextToken=token).data["scope"]["alerts"]
        assert len(page["data"]) <= arguments["limit"]
        rows += page["data"]
        token = page["nextToken"]
        if token is None:
            break
    wanted = expected(scope, arguments)
    assert sorted(row["id"] for row in rows) == sorted(name for _, name in wanted)
    is_closed = arguments["state"] is AlertState.CLOSED
    times = [row["closedAt"] if is_closed else row["createdAt"] for row in rows]
    numbers = [int(row["id"].rpartition("/")[2]) for row in rows]
    order = numbers if kind == "repository" and arguments["state"] is None else times
    assert order == sorted(order, reverse=arguments["sortDirection"] == "desc")


def test_due_time_is_the_creation_plus_the_target_of_the_severity(octo: Deployment) -> None:
    query = """{ organisation(name: "octo") { alerts(limit: 1000) { data {
      id state dueAt overdue } } } }"""
    rows = {row.pop("id"): row for row in octo.ask(query).data["organisation"]["alerts"]["data"]}
    for created, closed in ALERTS:
        due = None if closed else due_at(created)
        assert rows[created.alert_id] == {
            "state": AlertState.CLOSED if closed else AlertState.OPEN,
            "dueAt": due and due.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "overdue": closed is None and is_overdue(created),
        }


def test_alert_that_is_due_now_is_not_overdue(octo: Deployment) -> None:
    query = """query ($overdue: Boolean) { organisation(name: "octo") { alerts(state: OPEN,
      overdue: $overdue, limit: 1000) { data { id } } } }"""
    still_open = [one for one, closed in ALERTS if closed is None]
    assert NOW in map(due_at, still_open)
    for overdue in (True, False):
        found = octo.ask(query, overdue=overdue).data["organisation"]["alerts"]["data"]
        wanted = {one.alert_id for one in still_open if is_overdue(one) is overdue}
        assert {row["id"] for row in found} == wanted


@pytest.mark.parametrize("state", ["CLOSED", "null"])
@pytest.mark.parametrize("overdue", ["true", "false"])
def test_overdue_requires_open_alerts(octo: Deployment, state: str, overdue: str) -> None:
    alerts = f"alerts(state: {state}, overdue: {overdue}) {{ nextToken }}"
    response = octo.ask(f'{{ organisation(name: "octo") {{ {alerts} }} }}')
    assert response.reasons == ["bad_overdue"]


def test_no_alert_of_a_severity_without_target_is_overdue(octo: Deployment) -> None:
    query = """query ($overdue: Boolean) { organisation(name: "octo") { alerts(state: OPEN,
      overdue: $overdue, filter: {severity: MEDIUM}) { data { id } } } }"""
    assert octo.ask(query, overdue=True).data["organisation"]["alerts"]["data"] == []
    medium = sum(one.severity is Severity.MEDIUM and not closed for one, closed in ALERTS)
    assert len(octo.ask(query, overdue=False).data["organisation"]["alerts"]["data"]) == medium > 0


def test_cursor_is_bound_to_the_arguments_as_written(octo: Deployment) -> None:
    query = """query ($token: String, $from: Day, $order: Sort! = asc) {
      organisation(name: "octo") {
        alerts(from: $from, limit: 2, sortDirection: $order, nextToken: $token) {
          data { id } nextToken } } }"""

    def ask(**variables: Any) -> Any:
        return octo.ask(query, **variables)

    arguments = {"from": "now-30d"}
    token = ask(**arguments).data["organisation"]["alerts"]["nextToken"]
    assert ask(**arguments, token=token).data["organisation"]["alerts"]["data"]
    # The cursor is not valid for another day, for another form of it, or for another order.
    absolute = {"from": (NOW.date() - timedelta(days=30)).isoformat()}
    for other in (absolute, {"from": "now-29d"}, {**arguments, "order": "desc"}, {}):
        assert ask(**other, token=token).reasons == ["bad_cursor"]


def test_later_pages_keep_the_window_of_the_first_page(
    octo: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = """query ($token: String, $from: Day, $to: Day, $state: AlertState,
      $overdue: Boolean) { organisation(name: "octo") {
        alerts(from: $from, to: $to, state: $state, overdue: $overdue, limit: 4,
        nextToken: $token) {
          data { id } nextToken } } }"""

    def all_ids(*, days_between_pages: int, **arguments: Any) -> list[str]:
        found, token = [], None
        for pages in count():
            now = NOW + pages * timedelta(days=days_between_pages)
            monkeypatch.setattr("time.time_ns", partial(int, now.timestamp() * 1_000_000_000))
            page = octo.ask(query, token=token, **arguments).data["organisation"]["alerts"]
            found += [row["id"] for row in page["data"]]
            token = page["nextToken"]
            if token is None:
                break
        return found

    for arguments in (
        {"from": "now-30d"},
        {"from": "now-30d", "to": "now-3d", "state": "OPEN"},
        {"to": "now-6h", "state": "CLOSED"},
        {"from": "now-1M/M", "to": "2026-11-24"},
        {"state": "OPEN", "overdue": True},
        {"state": "OPEN", "overdue": False},
        # Computed again after midnight, this window would end before it starts.
        {"from": "now/M", "to": "2026-11-24"},
    ):
        at_once = all_ids(days_between_pages=0, **arguments)
        assert len(at_once) > 8
        assert all_ids(days_between_pages=5, **arguments) == at_once


def test_page_at_its_read_limit_is_short_and_has_a_cursor(
    octo: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "READS_PER_PAGE", 1)

    def limit_to_five(params: dict[str, Any], **_: object) -> None:
        params.setdefault("Limit", 5)

    client = query_handler._service().context_of(Access("tests")).reader.client
    client.meta.events.register("provide-client-params.dynamodb.Query", limit_to_five)
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
        client.meta.events.unregister("provide-client-params.dynamodb.Query", limit_to_five)
    assert pages >= 60 // 5
    assert (
        len(found)
        == len(set(found))
        == sum(one.tool == "Trivy" and one.severity is Severity.HIGH for one, _ in ALERTS)
    )


def test_empty_string_in_tool_filter_finds_alerts_without_tool(
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
def test_request_check_finds_filters_that_dynamodb_refuses(expression: str, fault: str) -> None:
    request: dict[str, Any] = {
        "TableName": "AllEvents",
        "FilterExpression": expression,
        "ExpressionAttributeNames": {"#a": "tool"},
        "ExpressionAttributeValues": {":v": {"S": "CodeQL"}} if ":v" in expression else {},
    }
    with pytest.raises(AssertionError, match=fault):
        check_request(request)
