"""Names under which nothing ever arrived: zeros with a warning, and the closest known names."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.access.key_store import KeyCheck
from graphql_api.selection import known_names, unknown_names
from rollup.metrics.tool_limit import MAX_TOOLS
from tests.support.graphql_api.deployment import Answer, Deployment, alert, deployed
from tests.support.graphql_api.dynamodb_rules import checked

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACME = 'organisation(name: "acme")'
REPOSITORIES = ("acme/payments", "acme/web", "octo/cat", "secret/vault")


@pytest.fixture(scope="module")
def acme() -> Iterator[Deployment]:
    """Four repositories of three organisations, each with alerts of two tools."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        for repository in REPOSITORIES:
            tool = f"{repository.partition('/')[0]}-scan"
            deployment.record(
                alert(1, repository=repository), alert(2, repository=repository, tool=tool)
            )
        deployment.roll_up()
        service = query_handler._service()
        with checked(service.context_of(Access("tests")).reader.client):
            yield deployment


def warnings(answer: Answer) -> list[dict[str, Any]]:
    """The warnings of an answer without errors."""
    assert answer.data is not None
    found: list[dict[str, Any]] = answer.json.get("extensions", {}).get("warnings", [])
    assert ("extensions" in answer.json) is bool(found)
    assert all(set(one) == {"reason", "message", "path", "suggestions"} for one in found)
    return found


def brief(answer: Answer) -> list[tuple[str, list[Any], list[str]]]:
    """Reason, path and suggestions of every warning."""
    return [(one["reason"], one["path"], one["suggestions"]) for one in warnings(answer)]


@pytest.fixture
def calls(acme: Deployment) -> Iterator[list[str]]:
    """The operations that the handler sends to the tables."""
    acme.ask("{ __typename }")  # the key is known after this
    seen: list[str] = []

    def count(model: Any, **_: object) -> None:
        seen.append(model.name)

    client = query_handler._service().context_of(Access("tests")).reader.client
    client.meta.events.register("before-call.dynamodb", count)
    yield seen
    client.meta.events.unregister("before-call.dynamodb", count)


@pytest.mark.parametrize(
    "fields",
    [
        "lastEventAt",
        "metrics { closed }",
        "metrics(groupBy: SEVERITY) { closed }",
        "metrics(groupBy: REPOSITORY, interval: DAY) { closed }",
        "backlog { open }",
        "backlog(groupBy: REPOSITORY) { open }",
        'backlog(groupBy: TOOL, filter: {tool: "CodeQL"}) { open }',
        "alerts { data { id } }",
        "alerts(state: CLOSED, filter: {severity: LOW}) { data { id } }",
        "lastEventAt metrics { closed } backlog { open } alerts { data { id } }",
    ],
)
def test_an_unknown_subject_is_warned_of_once_with_the_closest_known_names(
    acme: Deployment, fields: str
) -> None:
    wrong = acme.ask(f'{{ mine: organisation(name: "acm") {{ {fields} }} }}')
    assert brief(wrong) == [("unknown_organisation", ["mine"], ["acme"])]
    wrong = acme.ask(f'{{ repository(name: "acme/paymnts") {{ {fields} }} }}')
    assert brief(wrong) == [("unknown_repository", ["repository"], ["acme/payments"])]
    assert '"acme/paymnts"' in warnings(wrong)[0]["message"]


def test_a_repository_of_an_unknown_owner_is_looked_for_at_the_closest_owner(
    acme: Deployment,
) -> None:
    answer = acme.ask('{ repository(name: "acmee/paymnts") { metrics { opened } } }')
    assert brief(answer) == [("unknown_repository", ["repository"], ["acme/payments"])]
    assert answer.data["repository"]["metrics"] == [{"opened": 0}] * 12


def test_names_that_resemble_nothing_are_warned_of_without_suggestions(acme: Deployment) -> None:
    query = """{ a: organisation(name: "zzzz") { lastEventAt }
      b: repository(name: "zzzz/z") { lastEventAt } }"""
    assert brief(acme.ask(query)) == [
        ("unknown_organisation", ["a"], []),
        ("unknown_repository", ["b"], []),
    ]


@pytest.mark.parametrize(
    "field",
    [
        "metrics(%s) { closed }",
        "metrics(%s, groupBy: TOOL) { closed }",
        "metrics(%s, groupBy: REPOSITORY) { closed }",
        "metrics(%s, groupBy: REPOSITORY, interval: DAY) { closed }",
        "backlog(%s) { open }",
        "backlog(%s, groupBy: REPOSITORY) { open }",
        "alerts(state: CLOSED, %s) { data { id } }",
    ],
)
def test_unknown_names_in_a_filter_are_warned_of_at_their_field(
    acme: Deployment, field: str
) -> None:
    def asked(condition: str, scope: str = 'organisation(name: "acme")') -> Any:
        return brief(acme.ask(f"{{ {scope} {{ here: {field % f'filter: {{{condition}}}'} }} }}"))

    path = ["organisation", "here"]
    assert asked('tool: ["codeql"]') == [("unknown_tool", path, ["CodeQL"])]
    assert asked('tool: ["CodeQL", "acmescan", ""]') == [("unknown_tool", path, ["acme-scan"])]
    assert asked('tool: ["octo-scan"]') == [("unknown_tool", path, ["acme-scan"])]
    unknown = ("unknown_repository", path)
    assert asked('repository: ["acme/web", "acme/paymnts"]') == [(*unknown, ["acme/payments"])]
    assert asked('repository: ["acme/wbe"]') == [(*unknown, ["acme/web"])]
    assert asked('repository: ["octo/cat"]') == [(*unknown, [])]
    assert asked('repository: ["acme/web", "acme/payments"], tool: ["acme-scan"]') == []
    assert asked('repository: ["acme/webb"], tool: ["codeql"]') == [(*unknown, ["acme/web"])]
    nobody = 'organisation(name: "acmee")'
    only_subject = [("unknown_organisation", ["organisation"], ["acme"])]
    assert asked('tool: ["codeql"], repository: ["acmee/x"]', nobody) == only_subject
    of_repository = 'repository(name: "octo/cat")'
    path = ["repository", "here"]
    assert asked('tool: ["octoscan"]', of_repository) == [("unknown_tool", path, ["octo-scan"])]
    assert asked('repository: ["octo/dog"], tool: ["x"]', of_repository) == []


def test_the_lists_by_name_of_the_public_schema_warn_as_well(acme: Deployment) -> None:
    query = """{
      a: repositoryOverviewbyRepositoryName(repositoryName: "acme/wb") { data { id } }
      b: organisationOverviewbyOrganisationName(organisationName: "acmee") { data { id } }
      c: repositoryOverviewbyMonthlyPeriod(
        monthlyPeriod: "2026-11", repositoryName: "acme/wbe") { data { id } }
      d: organisationOverviewbyMonthlyPeriod(
        monthlyPeriod: "2026-11", organisationName: "oct") { data { id } }
      known: repositoryOverviewbyRepositoryName(
        repositoryName: "acme/web", monthlyPeriod: "2020-01") { data { id } }
      never: repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "2020-01") { data { id } }
      id: getAlert(id: "acme/wb/1") { id } }"""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unknown_names, "MOST_READS", 20)
        answer = acme.ask(query)
    assert brief(answer) == [
        ("unknown_repository", ["a"], ["acme/web"]),
        ("unknown_organisation", ["b"], ["acme"]),
        ("unknown_repository", ["c"], ["acme/web"]),
        ("unknown_organisation", ["d"], ["octo"]),
    ]


def test_the_same_name_in_two_fields_is_warned_of_once(acme: Deployment) -> None:
    query = """{ a: organisation(name: "acme") { metrics(filter: {tool: "codeql"}) { closed }
      backlog(filter: {tool: "codeql", severity: HIGH}) { open } }
      b: organisation(name: "acme") { backlog(filter: {tool: "codeql"}) { open } }
      c: organisation(name: "octo") { backlog(filter: {tool: "codeql"}) { open } } }"""
    assert brief(acme.ask(query)) == [
        ("unknown_tool", ["a", "metrics"], ["CodeQL"]),
        ("unknown_tool", ["c", "backlog"], ["CodeQL"]),
    ]


@pytest.mark.parametrize(
    ("query", "reads"),
    [
        ('ACME { lastEventAt metrics(filter: {tool: "CodeQL"}) { closed } }', 2),
        ("ACME { metrics(groupBy: REPOSITORY) { closed } }", 2),
        ('ACME { backlog(groupBy: REPOSITORY, filter: {tool: "CodeQL"}) { open } }', 1),
        ('ACME { backlog(filter: {repository: ["acme/web", "acme/payments"]}) { open } }', 1),
        ('ACME { alerts(filter: {tool: "CodeQL"}) { data { id } } }', 1),
        # What is empty may be so because its name is unknown: one read finds out.
        ("ACME { alerts(state: CLOSED) { data { id } } }", 2),
        ("ACME { backlog { open } alerts(state: CLOSED) { data { id } } }", 2),
        # Unknown ones take one or two more, for suggestions.
        ('organisation(name: "acmee") { backlog { open } }', 2),
        ('repository(name: "acme/webb") { backlog { open } }', 3),
        ('ACME { backlog(filter: {repository: "acme/webb"}) { open } }', 3),
        ('ACME { backlog(filter: {tool: "codeql"}) { open } }', 1),
    ],
)
def test_known_names_cost_no_read_and_unknown_ones_few(
    acme: Deployment, calls: list[str], query: str, reads: int
) -> None:
    acme.ask(f"{{ {query.replace('ACME', ACME)} }}")
    assert len(calls) == reads


def test_many_unknown_names_take_a_bounded_number_of_reads_and_warnings(
    acme: Deployment, calls: list[str]
) -> None:
    fields = " ".join(
        f'a{n}: repository(name: "acm{n}/web{n}") {{ backlog {{ open }} }}' for n in range(30)
    )
    found = warnings(acme.ask(f"{{ {fields} }}"))
    assert len(found) == 30
    assert sum(bool(one["suggestions"]) for one in found) <= known_names.MOST_SUGGESTED
    assert len(calls) == 30 + 2
    names = json.dumps([f"acme/r{n}" for n in range(50)])
    tools = json.dumps([f"tool {n}" for n in range(50)])
    query = f"""{{ {ACME} {{ backlog(filter: {{repository: {names}}}) {{ open }}
      metrics(filter: {{tool: {tools}}}) {{ closed }} }} }}"""
    assert len(warnings(acme.ask(query))) == unknown_names.MOST_WARNINGS
    lists = " ".join(
        f'a{n}: repository(name: "acm{n}/w") {{ alerts {{ data {{ id }} }} }}' for n in range(30)
    )
    calls.clear()
    assert len(warnings(acme.ask(f"{{ {lists} }}"))) <= unknown_names.MOST_READS
    assert len(calls) == 30 + unknown_names.MOST_READS


def test_a_tool_that_a_row_may_pool_is_warned_of_as_such(acme: Deployment) -> None:
    query = '{ organisation(name: "pool") { backlog(filter: {tool: "codeql"}) { open } } }'
    tools = [alert(n, repository="pool/x", tool=f"tool {n}") for n in range(1, MAX_TOOLS + 2)]
    acme.record(*tools[:MAX_TOOLS])
    acme.roll_up()
    assert brief(acme.ask(query)) == [("unknown_tool", ["organisation", "backlog"], [])]
    acme.record(tools[-1], alert(60, repository="pool/x", tool="CodeQL"))
    acme.roll_up()
    suggested = ["CodeQL", "(other)"]
    assert brief(acme.ask(query)) == [("pooled_tool", ["organisation", "backlog"], suggested)]


ASKED = """{ a: organisation(name: "secre") { lastEventAt }
  b: repository(name: "secret/vaul") { lastEventAt }
  c: repository(name: "secre/vault") { alerts { data { id } } }
  d: organisation(name: "acme") { backlog(filter: {repository: "secret/vaul"}) { open }
    metrics(filter: {tool: "secretscan"}) { closed }
    alerts(state: CLOSED, filter: {tool: "secret-scam"}) { data { id } } }
  e: repositoryOverviewbyRepositoryName(repositoryName: "secret/vaul") { data { id } }
  f: organisationOverviewbyMonthlyPeriod(monthlyPeriod: "2026-11", organisationName: "secre") {
    data { id } } }"""


def test_a_limited_key_learns_no_foreign_name_from_suggestions(
    acme: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_names, "MOST_READS", 50)
    suggested = {name for one in warnings(acme.ask(ASKED)) for name in one["suggestions"]}
    assert {"secret", "secret/vault"} <= suggested

    def acme_only(_self: KeyCheck, _key: str) -> Access:
        return Access("acme only", frozenset({"acme"}))

    monkeypatch.setattr(KeyCheck, "__call__", acme_only)
    found = warnings(acme.ask(ASKED))
    kinds = ("organisation", "repository", "tool")
    assert {one["reason"] for one in found} == {f"unknown_{kind}" for kind in kinds}
    suggested = {name for one in found for name in one["suggestions"]}
    assert suggested <= {"acme", "acme/payments", "acme/web", "CodeQL", "acme-scan"}


@pytest.mark.parametrize("name", ["secret", "nobody"])
def test_what_a_key_may_not_read_is_warned_of_as_what_never_was(
    acme: Deployment, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def acme_only(_self: KeyCheck, _key: str) -> Access:
        return Access("acme only", frozenset({"acme"}))

    monkeypatch.setattr(KeyCheck, "__call__", acme_only)
    query = f'{{ organisation(name: "{name}") {{ lastEventAt alerts {{ data {{ id }} }} }} }}'
    (found,) = warnings(acme.ask(query))
    assert found["message"] == (
        f'No event of the organisation "{name}" was received, or this API key cannot read it.'
    )
    assert (found["reason"], found["suggestions"]) == ("unknown_organisation", [])


def test_warnings_stand_beside_errors_and_belong_to_what_caches_keep(acme: Deployment) -> None:
    query = '{ organisation(name: "acmee") { lastEventAt alerts(limit: 0) { nextToken } } }'
    answer = acme.ask(query)
    assert answer.reasons == ["bad_limit"]
    fine = acme.get('{ organisation(name: "acmee") { lastEventAt } }')
    assert warnings(fine)
    assert fine.headers["cache-control"].startswith("private")
    again = acme.get(
        '{ organisation(name: "acmee") { lastEventAt } }', if_none_match=fine.headers["etag"]
    )
    assert again.status == 304


def test_no_failure_of_a_read_for_warnings_spoils_an_answer(
    acme: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = query_handler._service().context_of(Access("tests")).reader.client
    code = "ThrottlingException"
    whole = client.query

    def fail(**request: Any) -> Any:
        if request.get("IndexName") == "listed":
            raise ClientError({"Error": {"Code": code}}, "Query")
        return whole(**request)

    monkeypatch.setattr(client, "query", fail)
    query = '{ organisation(name: "acmee") { lastEventAt } }'
    assert brief(acme.ask(query)) == [("unknown_organisation", ["organisation"], [])]
    code = "InternalServerError"
    assert acme.ask(query).json == {"data": {"organisation": {"lastEventAt": None}}}
