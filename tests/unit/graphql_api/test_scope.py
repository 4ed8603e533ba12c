"""Organisations and repositories: fields, number of reads, access, and invalid arguments."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.access.key_store import KeyCheck
from ingest.terms import ClosedAs, Ref, Severity
from tests.support.graphql_api.deployment import Deployment, alert, closing, deployed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REPOSITORIES = [f"octo/repo-{number:02}" for number in range(6)]
HIDDEN = "secret/vault"


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    """Yield six repositories with an alert for every twenty days of a year, half of them closed."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        for position, repository in enumerate([*REPOSITORIES, HIDDEN]):
            for number in range(1, 19):
                created = alert(
                    number,
                    repository=repository,
                    severity=list(Severity)[number % 3],
                    ref=Ref.OTHER if number % 5 == 0 else Ref.DEFAULT,
                    created_at=NOW - timedelta(days=20 * number + position, hours=3),
                )
                deployment.record(created)
                if number % 2:
                    closed_at = created.created_at + timedelta(days=number % 9 + 1)
                    deployment.record(closing(created, closed_at, list(ClosedAs)[number // 2 % 6]))
        deployment.roll_up()
        yield deployment


def reads(deployment: Deployment, query: str, **variables: object) -> list[str]:
    """Return the operations of one request on the tables, without the read of its API key."""
    calls: list[str] = []
    handler = query_handler._service()
    client = handler.context_of(Access("tests")).reader.client

    def count(model: Any, **_: object) -> None:
        calls.append(model.name)

    client.meta.events.register("before-call.dynamodb", count)
    try:
        deployment.ask(query, **variables)  # reads the API key, which is cached afterwards
        calls.clear()
        assert deployment.ask(query, **variables).data
    finally:
        client.meta.events.unregister("before-call.dynamodb", count)
    return calls


def metrics(
    arguments: str, fields: str = "closed", scope: str = 'organisation(name: "octo")'
) -> str:
    return f"{{ {scope} {{ metrics({arguments}) {{ {fields} }} }} }}"


def test_year_of_days_of_repository_takes_two_queries(octo: Deployment) -> None:
    scope = f'repository(name: "{REPOSITORIES[0]}")'
    query = metrics('from: "now-364d", interval: DAY', "periodStart opened openAtEnd", scope)
    assert reads(octo, query) == ["Query", "Query"]
    rows = octo.ask(query).data["repository"]["metrics"]
    assert len(rows) == 365
    assert rows[-1]["periodStart"] == "2026-11-24T00:00:00.000Z"
    assert sum(row["opened"] for row in rows) == 18
    assert rows[-1]["openAtEnd"] == 9


def test_groups_by_repository_are_read_as_whole_months(octo: Deployment) -> None:
    query = metrics("groupBy: REPOSITORY", "periodStart group opened")
    assert reads(octo, query) == ["Query", "Query"]
    rows = octo.ask(query).data["organisation"]["metrics"]
    assert len(rows) == 12 * 6
    assert [row["group"] for row in rows[:6]] == REPOSITORIES


def test_days_are_read_only_for_shown_repositories(octo: Deployment) -> None:
    query = metrics(
        'from: "now-60d", interval: WEEK, groupBy: REPOSITORY, top: {groups: 2, by: OPENED}',
        "periodStart group opened openAtEnd",
    )
    calls = reads(octo, query)
    assert calls.count("Query") <= 4 + 2
    rows = octo.ask(query).data["organisation"]["metrics"]
    assert {row["group"] for row in rows} == set(REPOSITORIES[:2])
    whole = octo.ask(
        metrics('from: "now-60d", interval: TOTAL, groupBy: REPOSITORY', "group opened openAtEnd")
    ).data["organisation"]["metrics"]
    by_name = {row["group"]: row for row in whole}
    for name in REPOSITORIES[:2]:
        own = [row for row in rows if row["group"] == name]
        assert sum(row["opened"] for row in own) == by_name[name]["opened"]
        assert own[-1]["openAtEnd"] == by_name[name]["openAtEnd"]


def test_aliases_of_same_rows_share_reads(octo: Deployment) -> None:
    fields = " ".join(
        f"m{number}: metrics(filter: {{severity: {severity.value}}}) {{ closed }}"
        for number, severity in enumerate(Severity)
    )
    assert len(reads(octo, f'{{ organisation(name: "octo") {{ lastEventAt {fields} }} }}')) == 2


@pytest.mark.parametrize("interval", ["DAY", "MONTH", "TOTAL"])
def test_filter_by_repositories_pools_them(octo: Deployment, interval: str) -> None:
    window = f'from: "now-70d", interval: {interval}'
    fields = "periodStart opened closed openAtEnd totalTimeToRemediate"
    team = REPOSITORIES[3:6]
    pooled = octo.ask(
        f"""query ($team: [String!]) {{ organisation(name: "octo") {{
        metrics({window}, filter: {{repository: $team}}) {{ {fields} }} }} }}""",
        team=[*team, HIDDEN],
    ).data["organisation"]["metrics"]
    single = [
        octo.ask(metrics(window, fields, f'repository(name: "{name}")')).data["repository"]
        for name in team
    ]
    for position, row in enumerate(pooled):
        for name in ("opened", "closed", "openAtEnd", "totalTimeToRemediate"):
            assert row[name] == sum(one["metrics"][position][name] for one in single)


def test_filter_by_another_repository_excludes_repository(octo: Deployment) -> None:
    scope = f'repository(name: "{REPOSITORIES[0]}")'
    other = metrics(f'interval: TOTAL, filter: {{repository: "{REPOSITORIES[1]}"}}', scope=scope)
    assert octo.ask(other).data["repository"]["metrics"] == [{"closed": 0}]
    same = metrics(f'interval: TOTAL, filter: {{repository: "{REPOSITORIES[0]}"}}', scope=scope)
    assert octo.ask(same).data["repository"]["metrics"][0]["closed"] > 0


def test_backlog_by_repository_contains_every_repository(octo: Deployment) -> None:
    query = """{ organisation(name: "octo") {
      none: backlog(groupBy: REPOSITORY, filter: {severity: NONE}) { group open meanAge
        olderThan(days: 1) }
      high: backlog(groupBy: REPOSITORY, filter: {severity: HIGH}) { group open } } }"""
    response = octo.ask(query).data["organisation"]
    nothing = {"open": 0, "meanAge": None, "olderThan": 0}
    assert response["none"] == [{"group": name, **nothing} for name in REPOSITORIES]
    assert [row["open"] > 0 for row in response["high"]] == [True] * len(REPOSITORIES)


def test_unknown_name_has_zeros_and_no_last_event(octo: Deployment) -> None:
    for scope in ('organisation(name: "unknown")', 'repository(name: "octo/nothing")'):
        query = f"""{{ {scope} {{ name lastEventAt metrics {{ opened meanTimeToRemediate }}
          backlog {{ open meanAge olderThan(days: 3) }}
          bySeverity: backlog(groupBy: SEVERITY) {{ open }}
          grouped: metrics(groupBy: REPOSITORY) {{ opened }}
          alerts {{ data {{ id }} nextToken }} }} }}"""
        (response,) = octo.ask(query).data.values()
        assert response["lastEventAt"] is None
        assert response["metrics"] == [{"opened": 0, "meanTimeToRemediate": None}] * 12
        assert response["backlog"] == [{"open": 0, "meanAge": None, "olderThan": 0}]
        assert response["bySeverity"] == response["grouped"] == []
        assert response["alerts"] == {"data": [], "nextToken": None}


def test_hidden_names_look_like_unknown_names(octo: Deployment) -> None:
    def octo_only(_self: KeyCheck, _key: str) -> Access:
        return Access("octo only", frozenset({"octo"}))

    query = f"""{{ organisations {{ name }}
      organisation(name: "secret") {{ lastEventAt backlog {{ open }}
        grouped: backlog(groupBy: REPOSITORY) {{ open }} alerts {{ data {{ id }} }}
        team: backlog(filter: {{repository: "{HIDDEN}"}}) {{ open }} }}
      repository(name: "{HIDDEN}") {{ lastEventAt metrics {{ opened }}
        alerts {{ data {{ id }} }} }} }}"""
    unlimited = octo.ask(query).data
    assert [one["name"] for one in unlimited["organisations"]] == ["octo", "secret"]
    assert unlimited["organisation"]["backlog"] == [{"open": 9}]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KeyCheck, "__call__", octo_only)
        response = octo.ask(query).data
    assert response["organisations"] == [{"name": "octo"}]
    assert response["organisation"] == {
        "lastEventAt": None,
        "backlog": [{"open": 0}],
        "grouped": [],
        "team": [{"open": 0}],
        "alerts": {"data": []},
    }
    assert response["repository"] == {
        "lastEventAt": None,
        "metrics": [{"opened": 0}] * 12,
        "alerts": {"data": []},
    }


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ('metrics(from: "now", to: "now-1d") { closed }', "bad_date"),
        ('metrics(from: "2026-02-30") { closed }', "bad_date"),
        ('metrics(from: "now-1H") { closed }', "bad_date"),
        ('metrics(from: "now-999999y") { closed }', "bad_date"),
        ("metrics(from: 5) { closed }", "bad_date"),
        ("metrics(top: {groups: 3, by: CLOSED}) { closed }", "bad_top"),
        ("metrics(groupBy: TOOL, top: {groups: 0, by: CLOSED}) { closed }", "bad_top"),
        ("metrics(groupBy: TOOL, top: {groups: 1001, by: CLOSED}) { closed }", "bad_top"),
        ("metrics(closedAs: []) { closed }", "empty_list"),
        ("metrics(filter: {severity: []}) { closed }", "empty_list"),
        ("backlog(filter: {repository: []}) { open }", "empty_list"),
        ('backlog(filter: {repository: ""}) { open }', "bad_name"),
        ("metrics { percentileTimeToRemediate(percent: 0.95) }", "bad_percent"),
        ("metrics { percentileTimeToRemediate(percent: 99.95) }", "bad_percent"),
        ("metrics { shareClosedWithin(days: 31) }", "bad_days"),
        ("metrics { shareClosedWithin(days: 0) }", "bad_days"),
        ("backlog { olderThan(days: -1) }", "bad_days"),
        ("backlog { olderThan(days: 3651) }", "bad_days"),
        (
            'metrics(from: "2000-01-01", interval: DAY, to: "2027-12-31") { closed }',
            "too_many_rows",
        ),
        ('metrics(from: "now-6y", interval: DAY, groupBy: REPOSITORY) { closed }', "too_many_rows"),
        ("alerts(closedAs: FIXED) { nextToken }", "bad_closed_as"),
        ("alerts(state: OPEN, closedAs: FIXED) { nextToken }", "bad_closed_as"),
        ("alerts(rule: []) { nextToken }", "empty_list"),
        ("alerts(limit: 0) { nextToken }", "bad_limit"),
        ("alerts(limit: 1001) { nextToken }", "bad_limit"),
        ('alerts(nextToken: "x") { nextToken }', "bad_cursor"),
        ('alerts(from: "now", to: "now-1d") { nextToken }', "bad_date"),
    ],
)
def test_invalid_argument_has_stable_reason(octo: Deployment, call: str, reason: str) -> None:
    response = octo.ask(f'{{ organisation(name: "octo") {{ {call} }} }}')
    assert response.reasons[0] == reason
    assert "Traceback" not in response.text


def test_filter_accepts_fifty_names(octo: Deployment) -> None:
    query = """query ($names: [String!]) { organisation(name: "octo") {
      backlog(filter: {repository: $names}) { open } } }"""
    names = [f"octo/r{number}" for number in range(51)]
    assert octo.ask(query, names=names).reasons == ["bad_name"]
    assert octo.ask(query, names=names[:50]).data["organisation"]["backlog"] == [{"open": 0}]


def test_long_daily_window_of_repositories_is_read_by_repository(octo: Deployment) -> None:
    query = f"""{{ organisation(name: "octo") {{ metrics(from: "now-364d", interval: DAY,
      filter: {{repository: ["{REPOSITORIES[1]}", "{REPOSITORIES[2]}", "{HIDDEN}"]}}) {{
      opened }} }} }}"""
    # The last query reads suggestions: the organisation does not have the third repository.
    assert sorted(reads(octo, query)) == ["BatchGetItem", "Query", "Query", "Query"]
    rows = octo.ask(query).data["organisation"]["metrics"]
    assert sum(row["opened"] for row in rows) == 2 * 18
