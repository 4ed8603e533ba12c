"""CWEs: read from tags and arguments; lists of alerts by CWE contain exactly the right alerts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.selection.rules import cwe_pages
from graphql_api.vocabulary.cwe import checked_cwe, cwes_of
from graphql_api.vocabulary.errors import BadCweError
from ingest.facts.details import Details
from ingest.terms import ClosedAs
from tests.support.graphql_api.deployment import Deployment, alert, closing, deployed
from tests.support.graphql_api.dynamodb_rules import checked

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
TAGS = {
    "CWE-79": "external/cwe/cwe-079",
    "CWE-89": "CWE-89: SQL Injection",
    "CWE-1004": "external/cwe/cwe-1004",
}
BY_NUMBER = {
    number: [cwe for bit, cwe in enumerate(TAGS) if number >> bit & 1] for number in range(40)
}
"""The CWEs of each alert: all subsets, again and again."""


@pytest.mark.parametrize(
    ("tags", "cwes"),
    [
        (["external/cwe/cwe-079", "security"], ["CWE-79"]),
        (["CWE-79: Improper Neutralization", "external/cwe/cwe-079"], ["CWE-79"]),
        (["cwe_022", "external/cwe/cwe-1004", "CWE-20, CWE-22"], ["CWE-20", "CWE-22", "CWE-1004"]),
        (["external/cwe/cwe-0", "cwe", "cwe-", "cwe79", "notcwe-79", "cwe-12345678"], []),
        ([], []),
    ],
)
def test_tags_name_cwes(tags: list[str], cwes: list[str]) -> None:
    assert cwes_of(tags) == cwes


@given(st.integers(1, 999_999))
def test_any_form_of_a_cwe_is_accepted(number: int) -> None:
    for text in (f"CWE-{number}", f"cwe-{number:03}", f"{number}", f"{number:04}"):
        assert checked_cwe(text, "cwe") == f"CWE-{number}" == cwes_of([f"cwe-{number:03}"])[0]


@pytest.mark.parametrize("text", ["", "CWE", "CWE-", "CWE-0", "CWE-x", "79 ", "CWE79", "٧٩", "-1"])
def test_other_texts_are_not_cwes(text: str) -> None:
    with pytest.raises(BadCweError, match="but must be a CWE, such as CWE-79"):
        checked_cwe(text, "cwe")


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    """Yield forty alerts of two repositories, half of them closed. A page searches seven."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr(cwe_pages, "SEARCHED_PER_PAGE", 7)
        patch.setattr(cwe_pages, "KEYS_PER_READ", 3)
        for number, cwes in BY_NUMBER.items():
            created = alert(
                number + 1,
                repository=f"octo/{'web' if number % 5 else 'api'}",
                created_at=AT + timedelta(hours=number),
                details=Details(tags=tuple(sorted(TAGS[cwe] for cwe in cwes))),
            )
            deployment.record(created)
            if number // 3 % 2:
                deployment.record(closing(created, AT + timedelta(days=9), ClosedAs.FIXED))
        with checked(query_handler._service().context_of(Access("tests")).reader.client):
            yield deployment


QUERY = """query ($cwe: [String!], $state: AlertState, $limit: Int!, $order: Sort!,
  $token: String) {
  scope: SCOPE { alerts(cwe: $cwe, state: $state, limit: $limit, sortDirection: $order,
    nextToken: $token) { data { alertID cwes createdAt } nextToken } } }"""
SCOPES = ('organisation(name: "octo")', 'repository(name: "octo/web")')


def all_rows(octo: Deployment, scope: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    token = None
    while True:
        query = QUERY.replace("SCOPE", scope)
        page = octo.ask(query, **arguments, token=token).data["scope"]["alerts"]
        assert len(page["data"]) <= arguments["limit"]
        rows += page["data"]
        token = page["nextToken"]
        if token is None:
            return rows


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(SCOPES),
    st.fixed_dictionaries(
        {
            "cwe": st.lists(st.sampled_from([*TAGS, "CWE-400"]), min_size=1, unique=True),
            "state": st.sampled_from([None, "OPEN", "CLOSED"]),
            "limit": st.sampled_from([1, 2, 5, 100]),
            "order": st.sampled_from(["asc", "desc"]),
        }
    ),
)
def test_pages_contain_exactly_the_alerts_with_a_cwe(
    octo: Deployment, scope: str, arguments: dict[str, Any]
) -> None:
    rows = all_rows(octo, scope, arguments)

    wanted, state = arguments["cwe"], arguments["state"]
    is_wanted = {
        number + 1: cwes
        for number, cwes in BY_NUMBER.items()
        if not set(wanted).isdisjoint(cwes)
        and state in {None, "CLOSED" if number // 3 % 2 else "OPEN"}
        and (number % 5 or "octo/web" not in scope)
    }
    assert {row["alertID"]: row["cwes"] for row in rows} == is_wanted
    assert len(rows) == len(is_wanted)
    if state != "CLOSED":
        numbers = [row["alertID"] for row in rows]
        assert numbers == sorted(numbers, reverse=arguments["order"] == "desc")


def test_cursor_is_bound_to_the_cwes(octo: Deployment) -> None:
    query = QUERY.replace("SCOPE", SCOPES[0])

    def ask(cwe: list[str] | None, token: str | None) -> Any:
        return octo.ask(query, cwe=cwe, limit=1, order="asc", token=token)

    token = ask(["CWE-79", "89"], None).data["scope"]["alerts"]["nextToken"]
    assert ask(["cwe-089", "CWE-79"], token).data["scope"]["alerts"]["data"]
    for other in (["CWE-79"], None):
        assert ask(other, token).reasons == ["bad_cursor"]


@pytest.mark.parametrize(
    ("cwe", "reason"),
    [(["XSS"], "bad_cwe"), ([""], "bad_cwe"), ([], "empty_list"), (list("1" * 2), "")],
)
def test_malformed_cwe_is_an_error(octo: Deployment, cwe: list[str], reason: str) -> None:
    response = octo.ask(QUERY.replace("SCOPE", SCOPES[0]), cwe=cwe, limit=1, order="asc")
    assert [error["extensions"]["reason"] for error in response.json.get("errors", [])] == (
        [reason] if reason else []
    )


def test_over_fifty_cwes_are_an_error(octo: Deployment) -> None:
    many = [str(number) for number in range(1, 52)]
    response = octo.ask(QUERY.replace("SCOPE", SCOPES[0]), cwe=many, limit=1, order="asc")
    assert response.reasons == ["bad_name"]


def test_limit_is_checked(octo: Deployment) -> None:
    query = QUERY.replace("SCOPE", SCOPES[0])
    assert octo.ask(query, cwe=["1"], limit=1_001, order="asc").reasons == ["bad_limit"]
