"""Filters by the facts and the names of repositories: errors, warnings, pages and reads."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.repositories import alert_filter
from graphql_api.repositories.conditions import NamePatterns, checked_patterns
from graphql_api.vocabulary.errors import BadNameError
from ingest.terms import Visibility
from tests.support.graphql_api.deployment import Deployment, alert, deployed, forget
from tests.support.graphql_api.dynamodb_rules import checked

NOW = datetime(2026, 12, 24, 12, tzinfo=UTC)
TEAMS = {"acme/web": "core", "acme/api": "core", "acme/demo-1": "growth", "acme/quiet": "core"}


@pytest.fixture(scope="module")
def acme() -> Iterator[Deployment]:
    with pytest.MonkeyPatch.context() as patch, deployed(patch, TEAM="property:team") as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        for number, repository in enumerate(("web", "api", "demo-1", "bare"), start=1):
            for one in range(number):
                deployment.record(alert(one + 1, repository=f"acme/{repository}"))
        for repository, team in TEAMS.items():
            deployment.report(
                repository,
                properties=(("team", (team,)),),
                topics=("payments",),
                visibility=Visibility.PRIVATE,
                archived=repository == "acme/api",
            )
        deployment.roll_up()
        with checked(query_handler._service().context_of(Access("tests")).reader.client):
            yield deployment


def ask(deployment: Deployment, field: str) -> Any:
    return deployment.ask(f'{{ organisation(name: "acme") {{ field: {field} }} }}')


def opened(deployment: Deployment, condition: str) -> int:
    response = ask(deployment, f"backlog(filter: {{{condition}}}) {{ open }}")
    (row,) = response.data["organisation"]["field"]
    return int(row["open"])


@pytest.mark.parametrize(
    ("condition", "number"),
    [
        ('team: "core"', 3),
        ('team: ["growth", ""]', 7),
        ("archived: false", 8),
        ("archived: true", 2),
        ("archived: null", 10),
        ("visibility: PRIVATE", 6),
        ('topic: ["payments", "x"]', 6),
        ('notRepository: "ACME/Demo-*"', 7),
        ('notRepository: ["*/*"]', 0),
        ('notRepository: ["acme/web", "acme/web"], archived: false', 7),
        ('team: "core", repository: ["acme/web", "acme/bare"]', 1),
    ],
)
def test_conditions_select_repositories(acme: Deployment, condition: str, number: int) -> None:
    assert opened(acme, condition) == number


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("team: []", "empty_list"),
        ("topic: []", "empty_list"),
        ('topic: ""', "bad_name"),
        ("visibility: []", "empty_list"),
        ("notRepository: []", "empty_list"),
        ('notRepository: "web"', "bad_name"),
        ('notRepository: "acme/*/x"', "bad_name"),
        ('notRepository: "acme/demo?"', "bad_name"),
        (f"notRepository: {[f'acme/{n}' for n in range(51)]}".replace("'", '"'), "bad_name"),
        (f"team: {[f't{n}' for n in range(51)]}".replace("'", '"'), "bad_name"),
    ],
)
def test_invalid_conditions_are_errors(acme: Deployment, condition: str, reason: str) -> None:
    response = ask(acme, f"backlog(filter: {{{condition}}}) {{ open }}")
    assert response.reasons == [reason]
    assert condition.partition(":")[0] in response.json["errors"][0]["message"]


FIELDS = ("metrics(%s) { opened }", "backlog(%s) { open }")


@pytest.mark.parametrize("scope", ['organisation(name: "acme")', 'repository(name: "acme/web")'])
@pytest.mark.parametrize(
    "field",
    [
        *(field % "groupBy: TEAM" for field in FIELDS),
        *(field % 'filter: {team: "core"}' for field in FIELDS),
        'alerts(filter: {team: "core"}) { data { id } }',
    ],
)
def test_teams_without_the_setting_are_an_error(
    acme: Deployment, scope: str, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEAM")
    forget()
    response = acme.ask(f"{{ {scope} {{ {field} }} }}")
    assert response.reasons == ["team_not_configured"]
    message = response.json["errors"][0]["message"]
    assert "setting team" in message
    assert ("groupBy TEAM" in message) is ("groupBy" in field)
    monkeypatch.undo()
    forget()


def warnings(response: Any) -> list[tuple[str, list[str]]]:
    assert response.data
    found = response.json.get("extensions", {}).get("warnings", [])
    return [(one["reason"], one["suggestions"]) for one in found]


@pytest.mark.parametrize("field", [*FIELDS, "alerts(%s) { data { id } }"])
def test_names_unknown_to_facts_have_warnings(acme: Deployment, field: str) -> None:
    for condition, expected in {
        'team: ["Core", "growth"]': [("unknown_team", ["core"])],
        'topic: "paymens"': [("unknown_topic", ["payments"])],
        'team: "zzz", topic: "payments"': [("unknown_team", [])],
        'team: ["core", ""], topic: "payments"': [],
        'notRepository: "acme/dmo-*"': [("unknown_repository", ["acme/demo-1"])],
        'notRepository: ["acme/demo-*", "acme/quiet", "acme/bare"]': [],
        'repository: "acme/wbe", archived: false': [("unknown_repository", ["acme/web"])],
    }.items():
        response = ask(acme, field % f"filter: {{{condition}}}")
        if not field.startswith("alerts") or not response.data["organisation"]["field"]["data"]:
            assert warnings(response) == expected, condition


def test_unknown_organisation_has_one_warning(acme: Deployment) -> None:
    response = acme.ask(
        '{ organisation(name: "acm") { backlog(groupBy: TEAM, filter: {team: "x"}) { open } } }'
    )
    assert warnings(response) == [("unknown_organisation", ["acme"])]


def pages(deployment: Deployment, condition: str, limit: int) -> Iterator[list[str]]:
    token = None
    while True:
        response = deployment.ask(
            'query ($t: String) { organisation(name: "acme") { alerts('
            f"filter: {{{condition}}}, limit: {limit}, nextToken: $t) {{ data {{ id }} nextToken }}"
            "} }",
            t=token,
        )
        page = response.data["organisation"]["alerts"]
        yield [one["id"] for one in page["data"]]
        token = page["nextToken"]
        if token is None:
            return


@pytest.mark.parametrize("most_names", [50, 0])
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_pages_of_alerts_contain_each_alert_once(
    acme: Deployment, limit: int, most_names: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_filter, "MOST_NAMES", most_names)
    for condition in ('team: "core"', "archived: false", 'notRepository: "acme/bare"'):
        found = [one for page in pages(acme, condition, limit) for one in page]
        assert len(found) == len(set(found)) == opened(acme, condition)


def test_cursor_is_bound_to_its_conditions(acme: Deployment) -> None:
    query = """query ($f: AlertFilter, $t: String) { organisation(name: "acme") {
      alerts(filter: $f, limit: 1, nextToken: $t) { nextToken } } }"""
    filters = [{}, {"team": ["core"]}, {"archived": False}, {"archived": True},
               {"notRepository": ["acme/x"]}, {"visibility": ["PRIVATE"]}]  # fmt: skip
    for one in filters:
        token = acme.ask(query, f=one).data["organisation"]["alerts"]["nextToken"]
        for other in filters:
            response = acme.ask(query, f=other, t=token)
            if one == other:
                assert response.data
            else:
                assert response.reasons == ["bad_cursor"]


def test_backlog_of_teams_has_a_row_for_each_known_team(acme: Deployment) -> None:
    response = ask(acme, "backlog(groupBy: TEAM, filter: {severity: LOW}) { group open }")
    rows = [tuple(row.values()) for row in response.data["organisation"]["field"]]
    assert rows == [("", 0), ("core", 0), ("growth", 0)]


def test_top_teams_are_the_largest(acme: Deployment) -> None:
    for interval in ("TOTAL", "DAY"):
        response = ask(
            acme,
            f'metrics(from: "2026-11-01", to: "2026-11-01", interval: {interval}, groupBy: TEAM, '
            "top: {groups: 2, by: OPENED}) { group opened }",
        )
        rows = [tuple(row.values()) for row in response.data["organisation"]["field"]]
        assert rows == [("", 4), ("core", 3)]


@pytest.mark.parametrize(
    ("fields", "reads"),
    [
        # The facts, and the headlines or the rows of all repositories.
        ("backlog(groupBy: TEAM) { open }", ["Query"] * 2),
        ("backlog(filter: {archived: false}) { open }", ["Query"] * 2),
        # The facts once, and the rows of the named repositories.
        ('a: backlog(filter: {team: "core"}) { open } b: backlog(groupBy: TEAM) { open }',
         ["Query", "BatchGetItem", "Query"]),
        # One repository needs only its own facts.
        ("repositoryFacts { team }", []),
    ],
)  # fmt: skip
def test_fields_share_the_reads_of_facts(acme: Deployment, fields: str, reads: list[str]) -> None:
    ask(acme, "backlog { open }")
    seen: list[str] = []

    def count(model: Any, **_: object) -> None:
        seen.append(model.name)

    client = query_handler._service().context_of(Access("tests")).reader.client
    client.meta.events.register("before-call.dynamodb", count)
    assert acme.ask(f'{{ organisation(name: "acme") {{ lastEventAt {fields} }} }}').data
    client.meta.events.unregister("before-call.dynamodb", count)
    assert seen == ["Query", *reads]


def test_patterns_match_whole_names_without_case() -> None:
    patterns = NamePatterns(checked_patterns(["Acme/demo-*", "*/x", "o/a.b"], "p"))
    for name, is_matched in {
        "acme/demo-": True, "acme/demo-a-b": True, "acme/demo": False, "other/demo-a": False,
        "a/x": True, "a/xx": False, "o/a.b": True, "o/aab": False,
    }.items():  # fmt: skip
        assert patterns.match(name) is is_matched, name


def test_many_stars_take_no_time() -> None:
    patterns = NamePatterns(checked_patterns([f"acme/{'a*' * 49}b"], "p"))
    started = time.perf_counter()
    assert not any(patterns.match(f"acme/{'a' * 100}") for _ in range(1_000))
    assert time.perf_counter() - started < 5


def test_pattern_of_other_characters_is_refused() -> None:
    for text in ("acme/[ab]", "acme", "acme/a/b", "acme/", "/a", "a b/c"):
        with pytest.raises(BadNameError):
            checked_patterns([text], "filter.notRepository")


def test_teams_with_most_overdue_alerts(acme: Deployment) -> None:
    response = ask(
        acme,
        "backlog(groupBy: TEAM, top: {groups: 2, by: OVERDUE}, filter: {archived: false}) "
        "{ group open overdue medianAge(unit: DAYS) }",
    )
    rows = response.data["organisation"]["field"]
    assert [(row["group"], row["open"]) for row in rows] == [("", 4), ("growth", 3)]
    # All alerts are of severity HIGH and of 1 November, 53 days and 3 hours ago.
    assert [row["overdue"] for row in rows] == [4, 3]
    assert [row["medianAge"] for row in rows] == [pytest.approx(53.125, rel=0.05)] * 2


def test_digest_of_a_week_without_some_repositories(acme: Deployment) -> None:
    response = ask(
        acme,
        'metrics(from: "2026-11-01", to: "2026-11-07", interval: TOTAL, '
        'filter: {archived: false, notRepository: ["acme/demo-*"]}) '
        "{ opened closed net openedBefore: before(of: OPENED) closedBefore: before(of: CLOSED) }",
    )
    assert response.data["organisation"]["field"] == [
        {"opened": 5, "closed": 0, "net": 5, "openedBefore": 0, "closedBefore": 0}
    ]
