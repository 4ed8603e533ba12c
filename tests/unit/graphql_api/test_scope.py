"""Organisations and repositories: what makes no sense is refused, reads are few, access holds."""

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
    """Six repositories with an alert every twenty days of a year, half of them closed."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        for place, repository in enumerate([*REPOSITORIES, HIDDEN]):
            for number in range(1, 19):
                created = alert(
                    number,
                    repository=repository,
                    severity=list(Severity)[number % 3],
                    ref=Ref.OTHER if number % 5 == 0 else Ref.DEFAULT,
                    created_at=NOW - timedelta(days=20 * number + place, hours=3),
                )
                deployment.record(created)
                if number % 2:
                    closed_at = created.created_at + timedelta(days=number % 9 + 1)
                    deployment.record(closing(created, closed_at, list(ClosedAs)[number // 2 % 6]))
        deployment.roll_up()
        yield deployment


def reads(deployment: Deployment, query: str, **variables: object) -> list[str]:
    """The table calls of one request, without the look-up of its key."""
    calls: list[str] = []
    handler = query_handler._service()
    client = handler.context_of(Access("tests")).reader.client

    def count(model: Any, **_: object) -> None:
        calls.append(model.name)

    client.meta.events.register("before-call.dynamodb", count)
    try:
        deployment.ask(query, **variables)  # the key is known after this
        calls.clear()
        assert deployment.ask(query, **variables).data
    finally:
        client.meta.events.unregister("before-call.dynamodb", count)
    return calls


def metrics(
    arguments: str, fields: str = "closed", scope: str = 'organisation(name: "octo")'
) -> str:
    return f"{{ {scope} {{ metrics({arguments}) {{ {fields} }} }} }}"


def test_a_year_of_days_of_one_repository_takes_two_query_pages(octo: Deployment) -> None:
    scope = f'repository(name: "{REPOSITORIES[0]}")'
    query = metrics('from: "now-364d", interval: DAY', "periodStart opened openAtEnd", scope)
    assert reads(octo, query) == ["Query", "Query"]
    rows = octo.ask(query).data["repository"]["metrics"]
    assert len(rows) == 365
    assert rows[-1]["periodStart"] == "2026-11-24T00:00:00.000Z"
    assert sum(row["opened"] for row in rows) == 18
    assert rows[-1]["openAtEnd"] == 9


def test_repositories_are_read_by_whole_months_of_one_index(octo: Deployment) -> None:
    query = metrics("groupBy: REPOSITORY", "periodStart group opened")
    assert reads(octo, query) == ["Query", "Query"]
    rows = octo.ask(query).data["organisation"]["metrics"]
    assert len(rows) == 12 * 6
    assert [row["group"] for row in rows[:6]] == REPOSITORIES


def test_days_are_read_of_those_repositories_alone_that_are_shown(octo: Deployment) -> None:
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


def test_aliases_of_the_same_rows_share_their_reads(octo: Deployment) -> None:
    fields = " ".join(
        f"m{number}: metrics(filter: {{severity: {severity.value}}}) {{ closed }}"
        for number, severity in enumerate(Severity)
    )
    assert len(reads(octo, f'{{ organisation(name: "octo") {{ lastEventAt {fields} }} }}')) == 2


@pytest.mark.parametrize("interval", ["DAY", "MONTH", "TOTAL"])
def test_a_team_is_the_pool_of_its_repositories(octo: Deployment, interval: str) -> None:
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
    for place, row in enumerate(pooled):
        for name in ("opened", "closed", "openAtEnd", "totalTimeToRemediate"):
            assert row[name] == sum(one["metrics"][place][name] for one in single)


def test_a_filter_by_another_repository_leaves_nothing_of_a_repository(octo: Deployment) -> None:
    scope = f'repository(name: "{REPOSITORIES[0]}")'
    other = metrics(f'interval: TOTAL, filter: {{repository: "{REPOSITORIES[1]}"}}', scope=scope)
    assert octo.ask(other).data["repository"]["metrics"] == [{"closed": 0}]
    same = metrics(f'interval: TOTAL, filter: {{repository: "{REPOSITORIES[0]}"}}', scope=scope)
    assert octo.ask(same).data["repository"]["metrics"][0]["closed"] > 0


def test_a_backlog_by_repository_leaves_none_out_whatever_is_chosen(octo: Deployment) -> None:
    query = """{ organisation(name: "octo") {
      never: backlog(groupBy: REPOSITORY, filter: {severity: NONE}) { group open meanAge
        olderThan(days: 1) }
      high: backlog(groupBy: REPOSITORY, filter: {severity: HIGH}) { group open } } }"""
    answer = octo.ask(query).data["organisation"]
    nothing = {"open": 0, "meanAge": None, "olderThan": 0}
    assert answer["never"] == [{"group": name, **nothing} for name in REPOSITORIES]
    assert [row["open"] > 0 for row in answer["high"]] == [True] * len(REPOSITORIES)


def test_an_unknown_name_has_zeros_that_say_that_they_mean_nothing(octo: Deployment) -> None:
    for scope in ('organisation(name: "nobody")', 'repository(name: "octo/nothing")'):
        query = f"""{{ {scope} {{ name lastEventAt metrics {{ opened meanTimeToRemediate }}
          backlog {{ open meanAge olderThan(days: 3) }}
          bySeverity: backlog(groupBy: SEVERITY) {{ open }}
          grouped: metrics(groupBy: REPOSITORY) {{ opened }}
          alerts {{ data {{ id }} nextToken }} }} }}"""
        (answer,) = octo.ask(query).data.values()
        assert answer["lastEventAt"] is None
        assert answer["metrics"] == [{"opened": 0, "meanTimeToRemediate": None}] * 12
        assert answer["backlog"] == [{"open": 0, "meanAge": None, "olderThan": 0}]
        assert answer["bySeverity"] == answer["grouped"] == []
        assert answer["alerts"] == {"data": [], "nextToken": None}


def test_what_a_key_may_not_read_is_as_unknown_as_a_name_that_never_was(octo: Deployment) -> None:
    def octo_only(_self: KeyCheck, _key: str) -> Access:
        return Access("octo only", frozenset({"octo"}))

    query = f"""{{ organisations {{ name }}
      organisation(name: "secret") {{ lastEventAt backlog {{ open }}
        grouped: backlog(groupBy: REPOSITORY) {{ open }} alerts {{ data {{ id }} }}
        team: backlog(filter: {{repository: "{HIDDEN}"}}) {{ open }} }}
      repository(name: "{HIDDEN}") {{ lastEventAt metrics {{ opened }}
        alerts {{ data {{ id }} }} }} }}"""
    seen = octo.ask(query).data
    assert [one["name"] for one in seen["organisations"]] == ["octo", "secret"]
    assert seen["organisation"]["backlog"] == [{"open": 9}]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KeyCheck, "__call__", octo_only)
        answer = octo.ask(query).data
    assert answer["organisations"] == [{"name": "octo"}]
    assert answer["organisation"] == {
        "lastEventAt": None,
        "backlog": [{"open": 0}],
        "grouped": [],
        "team": [{"open": 0}],
        "alerts": {"data": []},
    }
    assert answer["repository"] == {
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
def test_what_makes_no_sense_is_refused_with_a_stable_reason(
    octo: Deployment, call: str, reason: str
) -> None:
    answer = octo.ask(f'{{ organisation(name: "octo") {{ {call} }} }}')
    assert answer.reasons[0] == reason
    assert "Traceback" not in answer.text


def test_fifty_one_names_are_too_many(octo: Deployment) -> None:
    query = """query ($names: [String!]) { organisation(name: "octo") {
      backlog(filter: {repository: $names}) { open } } }"""
    names = [f"octo/r{number}" for number in range(51)]
    assert octo.ask(query, names=names).reasons == ["bad_name"]
    assert octo.ask(query, names=names[:50]).data["organisation"]["backlog"] == [{"open": 0}]


def test_a_long_daily_window_of_a_team_is_read_by_repository(octo: Deployment) -> None:
    query = f"""{{ organisation(name: "octo") {{ metrics(from: "now-364d", interval: DAY,
      filter: {{repository: ["{REPOSITORIES[1]}", "{REPOSITORIES[2]}", "{HIDDEN}"]}}) {{
      opened }} }} }}"""
    # The last query is for suggestions: the organisation has no repository of the third name.
    assert sorted(reads(octo, query)) == ["BatchGetItem", "Query", "Query", "Query"]
    rows = octo.ask(query).data["organisation"]["metrics"]
    assert sum(row["opened"] for row in rows) == 2 * 18
