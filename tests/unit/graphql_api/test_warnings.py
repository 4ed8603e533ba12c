"""Warnings about unknown names: their reasons, paths and suggestions, and the reads they take."""

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
from tests.support.graphql_api.deployment import Deployment, Response, alert, deployed
from tests.support.graphql_api.dynamodb_rules import checked

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACME = 'organisation(name: "acme")'
REPOSITORIES = ("acme/payments", "acme/web", "octo/cat", "secret/vault")


@pytest.fixture(scope="module")
def acme() -> Iterator[Deployment]:
    """Yield four repositories of three organisations, each with alerts of two tools."""
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


def warnings(response: Response) -> list[dict[str, Any]]:
    """Return the warnings of a response without errors."""
    assert response.data is not None
    found: list[dict[str, Any]] = response.json.get("extensions", {}).get("warnings", [])
    assert ("extensions" in response.json) is bool(found)
    assert all(set(one) == {"reason", "message", "path", "suggestions"} for one in found)
    return found


def brief(response: Response) -> list[tuple[str, list[Any], list[str]]]:
    """Return the reason, the path and the suggestions of each warning."""
    return [(one["reason"], one["path"], one["suggestions"]) for one in warnings(response)]


@pytest.fixture
def calls(acme: Deployment) -> Iterator[list[str]]:
    """Yield a list of the operations that the handler sends to the tables."""
    acme.ask("{ __typename }")  # reads the API key, which is cached afterwards
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
def test_unknown_subject_has_one_warning_with_closest_names(acme: Deployment, fields: str) -> None:
    wrong = acme.ask(f'{{ mine: organisation(name: "acm") {{ {fields} }} }}')
    assert brief(wrong) == [("unknown_organisation", ["mine"], ["acme"])]
    wrong = acme.ask(f'{{ repository(name: "acme/paymnts") {{ {fields} }} }}')
    assert brief(wrong) == [("unknown_repository", ["repository"], ["acme/payments"])]
    assert '"acme/paymnts"' in warnings(wrong)[0]["message"]


def test_suggestion_for_unknown_owner_is_from_closest_owner(
    acme: Deployment,
) -> None:
    response = acme.ask('{ repository(name: "acmee/paymnts") { metrics { opened } } }')
    assert brief(response) == [("unknown_repository", ["repository"], ["acme/payments"])]
    assert response.data["repository"]["metrics"] == [{"opened": 0}] * 12


def test_warning_without_similar_name_has_no_suggestions(acme: Deployment) -> None:
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
def test_unknown_name_in_filter_has_warning_at_its_field(acme: Deployment, field: str) -> None:
    def found(condition: str, scope: str = 'organisation(name: "acme")') -> Any:
        return brief(acme.ask(f"{{ {scope} {{ here: {field % f'filter: {{{condition}}}'} }} }}"))

    path = ["organisation", "here"]
    assert found('tool: ["codeql"]') == [("unknown_tool", path, ["CodeQL"])]
    assert found('tool: ["CodeQL", "acmescan", ""]') == [("unknown_tool", path, ["acme-scan"])]
    assert found('tool: ["octo-scan"]') == [("unknown_tool", path, ["acme-scan"])]
    unknown = ("unknown_repository", path)
    assert found('repository: ["acme/web", "acme/paymnts"]') == [(*unknown, ["acme/payments"])]
    assert found('repository: ["acme/wbe"]') == [(*unknown, ["acme/web"])]
    assert found('repository: ["octo/cat"]') == [(*unknown, [])]
    assert found('repository: ["acme/web", "acme/payments"], tool: ["acme-scan"]') == []
    assert found('repository: ["acme/webb"], tool: ["codeql"]') == [(*unknown, ["acme/web"])]
    unknown_scope = 'organisation(name: "acmee")'
    only_subject = [("unknown_organisation", ["organisation"], ["acme"])]
    assert found('tool: ["codeql"], repository: ["acmee/x"]', unknown_scope) == only_subject
    of_repository = 'repository(name: "octo/cat")'
    path = ["repository", "here"]
    assert found('tool: ["octoscan"]', of_repository) == [("unknown_tool", path, ["octo-scan"])]
    assert found('repository: ["octo/dog"], tool: ["x"]', of_repository) == []


def test_public_lists_by_name_have_warnings(acme: Deployment) -> None:
    query = """{
      a: repositoryOverviewbyRepositoryName(repositoryName: "acme/wb") { data { id } }
      b: organisationOverviewbyOrganisationName(organisationName: "acmee") { data { id } }
      c: repositoryOverviewbyMonthlyPeriod(
        monthlyPeriod: "2026-11", repositoryName: "acme/wbe") { data { id } }
      d: organisationOverviewbyMonthlyPeriod(
        monthlyPeriod: "2026-11", organisationName: "oct") { data { id } }
      known: repositoryOverviewbyRepositoryName(
        repositoryName: "acme/web", monthlyPeriod: "2020-01") { data { id } }
      empty: repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "2020-01") { data { id } }
      id: getAlert(id: "acme/wb/1") { id } }"""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unknown_names, "MOST_READS", 20)
        response = acme.ask(query)
    assert brief(response) == [
        ("unknown_repository", ["a"], ["acme/web"]),
        ("unknown_organisation", ["b"], ["acme"]),
        ("unknown_repository", ["c"], ["acme/web"]),
        ("unknown_organisation", ["d"], ["octo"]),
    ]


def test_same_name_in_two_fields_has_one_warning(acme: Deployment) -> None:
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
        # A list can be empty because its name is unknown: one read checks this.
        ("ACME { alerts(state: CLOSED) { data { id } } }", 2),
        ("ACME { backlog { open } alerts(state: CLOSED) { data { id } } }", 2),
        # Unknown names take one or two reads more, for suggestions.
        ('organisation(name: "acmee") { backlog { open } }', 2),
        ('repository(name: "acme/webb") { backlog { open } }', 3),
        ('ACME { backlog(filter: {repository: "acme/webb"}) { open } }', 3),
        ('ACME { backlog(filter: {tool: "codeql"}) { open } }', 1),
    ],
)
def test_only_unknown_names_need_extra_reads(
    acme: Deployment, calls: list[str], query: str, reads: int
) -> None:
    acme.ask(f"{{ {query.replace('ACME', ACME)} }}")
    assert len(calls) == reads


def test_reads_and_warnings_for_unknown_names_are_limited(
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


def test_tool_that_a_row_can_pool_has_its_own_warning(acme: Deployment) -> None:
    query = '{ organisation(name: "pool") { backlog(filter: {tool: "codeql"}) { open } } }'
    tools = [alert(n, repository="pool/x", tool=f"tool {n}") for n in range(1, MAX_TOOLS + 2)]
    acme.record(*tools[:MAX_TOOLS])
    acme.roll_up()
    assert brief(acme.ask(query)) == [("unknown_tool", ["organisation", "backlog"], [])]
    acme.record(tools[-1], alert(60, repository="pool/x", tool="CodeQL"))
    acme.roll_up()
    suggested = ["CodeQL", "(other)"]
    assert brief(acme.ask(query)) == [("pooled_tool", ["organisation", "backlog"], suggested)]


def acme_only(_self: KeyCheck, _key: str) -> Access:
    return Access("acme only", frozenset({"acme"}))


QUERY_OF_HIDDEN_NAMES = """{ a: organisation(name: "secre") { lastEventAt }
  b: repository(name: "secret/vaul") { lastEventAt }
  c: repository(name: "secre/vault") { alerts { data { id } } }
  d: organisation(name: "acme") { backlog(filter: {repository: "secret/vaul"}) { open }
    metrics(filter: {tool: "secretscan"}) { closed }
    alerts(state: CLOSED, filter: {tool: "secret-scam"}) { data { id } } }
  e: repositoryOverviewbyRepositoryName(repositoryName: "secret/vaul") { data { id } }
  f: organisationOverviewbyMonthlyPeriod(monthlyPeriod: "2026-11", organisationName: "secre") {
    data { id } } }"""


def test_suggestions_contain_only_names_that_the_key_can_read(
    acme: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_names, "MOST_READS", 50)
    suggested = {
        name for one in warnings(acme.ask(QUERY_OF_HIDDEN_NAMES)) for name in one["suggestions"]
    }
    assert {"secret", "secret/vault"} <= suggested

    monkeypatch.setattr(KeyCheck, "__call__", acme_only)
    found = warnings(acme.ask(QUERY_OF_HIDDEN_NAMES))
    kinds = ("organisation", "repository", "tool")
    assert {one["reason"] for one in found} == {f"unknown_{kind}" for kind in kinds}
    suggested = {name for one in found for name in one["suggestions"]}
    assert suggested <= {"acme", "acme/payments", "acme/web", "CodeQL", "acme-scan"}


@pytest.mark.parametrize("name", ["secret", "unknown"])
def test_hidden_and_unknown_names_have_the_same_warning(
    acme: Deployment, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(KeyCheck, "__call__", acme_only)
    query = f'{{ organisation(name: "{name}") {{ lastEventAt alerts {{ data {{ id }} }} }} }}'
    (found,) = warnings(acme.ask(query))
    assert found["message"] == (
        f'No event of the organisation "{name}" was received, or this API key cannot read it.'
    )
    assert (found["reason"], found["suggestions"]) == ("unknown_organisation", [])


def test_response_with_errors_or_from_cache_is_valid_with_warnings(acme: Deployment) -> None:
    query = '{ organisation(name: "acmee") { lastEventAt alerts(limit: 0) { nextToken } } }'
    response = acme.ask(query)
    assert response.reasons == ["bad_limit"]
    first = acme.get('{ organisation(name: "acmee") { lastEventAt } }')
    assert warnings(first)
    assert first.headers["cache-control"].startswith("private")
    again = acme.get(
        '{ organisation(name: "acmee") { lastEventAt } }', if_none_match=first.headers["etag"]
    )
    assert again.status == 304


def test_failed_read_for_warnings_does_not_fail_the_query(
    acme: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = query_handler._service().context_of(Access("tests")).reader.client
    code = "ThrottlingException"
    original = client.query

    def fail(**request: Any) -> Any:
        if request.get("IndexName") == "listed":
            raise ClientError({"Error": {"Code": code}}, "Query")
        return original(**request)

    monkeypatch.setattr(client, "query", fail)
    query = '{ organisation(name: "acmee") { lastEventAt } }'
    assert brief(acme.ask(query)) == [("unknown_organisation", ["organisation"], [])]
    code = "InternalServerError"
    assert acme.ask(query).json == {"data": {"organisation": {"lastEventAt": None}}}
