"""Rules and CWEs equal a plain count of the alerts, for random histories, windows and filters."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatch
from random import Random
from statistics import mean, median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.reading import budget
from ingest.events.alert_event import AlertEvent
from ingest.facts.details import Details
from ingest.terms import Action, Branch, ClosedAs, Ref, Severity
from tests.support.graphql_api.deployment import Deployment, alert, closing, deployed
from tests.support.graphql_api.dynamodb_rules import checked

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RULES: tuple[tuple[str | None, str | None], ...] = (
    ("js/xss", "CodeQL"),
    ("js/xss", "Other"),
    ("py/sql", "CodeQL"),
    ("DS002", "Trivy"),
    (None, "Trivy"),
    (None, None),
)
TAGS = (
    (),
    ("external/cwe/cwe-079", "external/cwe/cwe-116", "security"),
    ("CWE-79: Cross-site Scripting", "external/cwe/cwe-0079"),
    ("external/cwe/cwe-089",),
)
CWES = ((), ("CWE-79", "CWE-116"), ("CWE-79",), ("CWE-89",))
ORGANISATIONS = ("ant", "bee", "cat")


@dataclass(frozen=True)
class Past:
    """An alert and its present state, as the plain count knows it."""

    event: AlertEvent
    cwes: tuple[str, ...]
    closed_at: datetime | None
    closed_as: ClosedAs | None


def history(random: Random, number: int, organisation: str) -> tuple[Past, list[AlertEvent]]:
    """Return an alert of up to 80 days that was closed and reopened any number of times."""

    def later(at: datetime) -> datetime:
        # Often the first or the last millisecond of a day.
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        edges = (day + timedelta(days=1), day + timedelta(days=1, milliseconds=-1))
        found = random.choice([*edges, at + timedelta(minutes=random.randrange(1, 30_000))])
        return found if found > at else at + timedelta(milliseconds=1)

    rule, tool = random.choice(RULES)
    kind = random.randrange(len(TAGS))
    created = alert(
        number,
        repository=f"{organisation}/{random.choice(['web', 'api'])}",
        rule=rule,
        tool=tool,
        severity=random.choice([Severity.CRITICAL, Severity.HIGH, Severity.LOW]),
        ref=random.choice([Ref.DEFAULT, Ref.DEFAULT, Ref.OTHER]),
        created_at=later(NOW - timedelta(days=random.randrange(21, 80))),
        details=Details(description=f"about {number}", tags=tuple(sorted(TAGS[kind]))),
    )
    events, past = [created], Past(created, CWES[kind], None, None)
    # GitHub sometimes reports a closing that is earlier than the creation.
    at = created.created_at - timedelta(days=random.choice([0, 0, 0, 0, 0, 40]))
    for step in range(random.choice([0, 1, 1, 1, 2, 3])):
        at = later(at)
        if at > NOW:
            break
        if step % 2:
            reopened = replace(created, action=Action.REOPENED, happened_at=at, received_at=at)
            events.append(replace(reopened, delivery_id=f"{created.delivery_id}-{step}"))
            past = replace(past, closed_at=None, closed_as=None)
        else:
            closed_as = random.choice(list(ClosedAs))
            closed = closing(created, at, closed_as)
            events.append(replace(closed, delivery_id=f"{created.delivery_id}-{step}"))
            past = replace(past, closed_at=at, closed_as=closed_as)
    return past, events


HISTORIES = {
    organisation: [
        history(Random(f"{organisation}{number}"), number, organisation)  # noqa: S311
        for number in range(1, 31)
    ]
    for organisation in ORGANISATIONS
}


@pytest.fixture(scope="module")
def organisations() -> Iterator[Deployment]:
    """Yield a deployment in which a query reads at most seven alerts at a time."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        for histories in HISTORIES.values():
            for _, events in histories:
                deployment.record(*events)
        client = query_handler._service().context_of(Access("tests")).reader.client
        client.meta.events.register("provide-client-params.dynamodb.Query", limit_to_seven)
        with checked(client):
            yield deployment


def limit_to_seven(params: dict[str, Any], **_: object) -> None:
    params["Limit"] = 7


def some(values: Any) -> Any:
    return st.none() | st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


@st.composite
def rule_arguments(draw: st.DrawFn) -> dict[str, Any]:
    first, last = sorted([draw(st.dates(date(2026, 9, 20), date(2026, 11, 26))) for _ in "12"])
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "filter": {
            "severity": draw(some([Severity.CRITICAL, Severity.HIGH])),
            "tool": draw(some(["CodeQL", "Trivy", ""])),
            "branch": draw(st.none() | st.sampled_from(Branch)),
            "notRepository": draw(st.none() | st.sampled_from([["*/web"], ["ant/*", "*/a*"]])),
        },
        "closedAs": draw(some(list(ClosedAs))),
        "by": draw(st.sampled_from(["RULE", "CWE"])),
        "orderBy": draw(
            st.sampled_from(
                ["OPEN", "OPENED", "CLOSED", "FALSE_POSITIVE_SHARE", "MEDIAN_TIME_TO_REMEDIATE"]
            )
        ),
        "first": draw(st.sampled_from([1, 3, 100])),
    }


def expected(scope: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows, counted from the alerts one by one."""
    condition, by_cwe = arguments["filter"], arguments["by"] == "CWE"
    groups: dict[tuple[str, str | None], list[Past]] = {}
    for past, _ in HISTORIES[scope.partition("/")[0]]:
        event = past.event
        branch = Branch.OTHER if event.ref is Ref.OTHER else Branch.DEFAULT
        if (
            scope in {event.repository, event.repository.partition("/")[0]}
            and (condition["severity"] is None or event.severity in condition["severity"])
            and (condition["tool"] is None or (event.tool or "") in condition["tool"])
            and condition["branch"] in {None, branch}
            and not any(fnmatch(event.repository, one) for one in condition["notRepository"] or ())
        ):
            for cwe in past.cwes:
                groups.setdefault((cwe, None), []).append(past) if by_cwe else None
            if not by_cwe:
                groups.setdefault((event.rule or "", event.tool), []).append(past)
    rows = [
        row for key, pasts in groups.items() if (row := counted(key, pasts, arguments)) is not None
    ]
    field = {
        "OPEN": "open",
        "OPENED": "opened",
        "CLOSED": "closed",
        "FALSE_POSITIVE_SHARE": "falsePositiveShare",
        "MEDIAN_TIME_TO_REMEDIATE": "medianTimeToRemediate",
    }[arguments["orderBy"]]
    rows.sort(
        key=lambda row: (
            row[field] is None,
            -(row[field] or 0),
            -row["closed"],
            -row["open"],
            row["key"],
            row["tool"] or "",
        )
    )
    return rows[: arguments["first"]]


def counted(
    key: tuple[str, str | None], pasts: list[Past], arguments: dict[str, Any]
) -> dict[str, Any] | None:
    def in_window(at: datetime | None) -> bool:
        return at is not None and arguments["from"] <= at.date().isoformat() <= arguments["to"]

    accepted = arguments["closedAs"] or list(ClosedAs)
    closings = [past for past in pasts if in_window(past.closed_at)]
    opened = [past for past in pasts if in_window(past.event.created_at)]
    still_open = [past for past in pasts if past.closed_at is None]
    times = [
        max(0, round((past.closed_at - past.event.created_at) / timedelta(milliseconds=1)))
        for past in closings
        if past.closed_at and past.closed_as in accepted
    ]
    if not (closings or opened or still_open):
        return None
    counts = [*closings, *opened, *still_open]
    newest = max(counts, key=lambda past: (past.event.created_at, past.event.alert_id)).event
    false_positives = sum(past.closed_as is ClosedAs.FALSE_POSITIVE for past in closings)
    by_cwe = arguments["by"] == "CWE"
    return {
        "key": key[0],
        "tool": key[1],
        "description": None if by_cwe else f"about {newest.number}",
        "severity": None if by_cwe else newest.severity,
        "open": len(still_open),
        "opened": len(opened),
        "closed": len(times),
        "falsePositiveShare": round(false_positives / len(closings), 4) if closings else None,
        "meanTimeToRemediate": round(mean(times)) if times else None,
        "medianTimeToRemediate": round(median(times)) if times else None,
    }


QUERY = """query ($from: Day!, $to: Day!, $filter: AlertFilter, $closedAs: [ClosedAs!],
  $by: RuleKey!, $orderBy: RuleOrder!, $first: Int!) {
  scope: SCOPE { rules(from: $from, to: $to, filter: $filter, closedAs: $closedAs, by: $by,
    orderBy: $orderBy, first: $first) {
    key description tool severity open opened closed falsePositiveShare meanTimeToRemediate
    medianTimeToRemediate } } }"""


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([*ORGANISATIONS, *(f"{one}/web" for one in ORGANISATIONS)]), rule_arguments()
)
def test_figures_equal_a_count_of_the_alerts(
    organisations: Deployment, scope: str, arguments: dict[str, Any]
) -> None:
    kind = "repository" if "/" in scope else "organisation"
    response = organisations.ask(QUERY.replace("SCOPE", f'{kind}(name: "{scope}")'), **arguments)
    assert response.data["scope"]["rules"] == expected(scope, arguments)


def test_filter_by_repository_selects_its_alerts(organisations: Deployment) -> None:
    fields = "key tool open opened closed falsePositiveShare medianTimeToRemediate"
    found = organisations.ask(
        f"""{{ organisation(name: "ant") {{
          rules(filter: {{repository: "ANT/web"}}) {{ {fields} }} }}
        repository(name: "ant/web") {{ rules {{ {fields} }}
          other: rules(filter: {{repository: "ant/api"}}) {{ key }} }} }}"""
    ).data
    assert found["organisation"]["rules"] == found["repository"]["rules"] != []
    assert found["repository"]["other"] == []


@pytest.mark.parametrize("first", [0, -1, 101])
def test_number_of_rows_is_limited(organisations: Deployment, first: int) -> None:
    response = organisations.ask(
        f'{{ organisation(name: "ant") {{ rules(first: {first}) {{ key }} }} }}'
    )
    assert response.reasons == ["bad_first"]


@pytest.mark.parametrize(
    ("limit", "value", "by"),
    [
        ("ALERTS_PER_REQUEST", 10, "RULE"),
        ("READS_PER_REQUEST", 2, "RULE"),
        ("READS_PER_REQUEST", 9, "CWE"),
    ],
)
def test_window_with_too_many_alerts_is_an_error_that_names_what_to_reduce(
    organisations: Deployment, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, by: str
) -> None:
    monkeypatch.setattr(budget, limit, value)
    query = f'{{ organisation(name: "ant") {{ rules(by: {by}) {{ key }} }} }}'
    response = organisations.ask(query)
    assert response.reasons == ["too_many_alerts"]
    assert "Ask for a shorter window, one repository" in response.json["errors"][0]["message"]


def test_limit_of_alerts_is_that_of_the_whole_request(
    organisations: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "ALERTS_PER_REQUEST", 40)
    query = '{ organisation(name: "ant") { rules { key } SECOND } }'
    assert organisations.ask(query.replace("SECOND", "")).data
    assert organisations.ask(query.replace("SECOND", "again: rules { key }")).reasons == [
        "too_many_alerts"
    ]


def test_unknown_name_has_no_rules_and_a_warning(organisations: Deployment) -> None:
    response = organisations.ask('{ organisation(name: "nobody") { rules { key } } }')
    assert response.data == {"organisation": {"rules": []}}
    (warning,) = response.json["extensions"]["warnings"]
    assert warning["reason"] == "unknown_organisation"
