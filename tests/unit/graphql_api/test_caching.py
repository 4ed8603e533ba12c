"""What caches and conditional requests may make of an answer: RFC 9110 and 9111."""

from collections.abc import Iterator

import pytest

from tests.support.graphql_api.deployment import Deployment, deployed

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """One deployment for all tests here: none of them writes."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as shared:
        yield shared


def test_a_get_may_be_cached_for_a_moment_and_asked_again_by_its_etag(
    deployment: Deployment,
) -> None:
    first = deployment.get("{ getAlerts { nextToken } }")
    assert first.headers["cache-control"] == "private, max-age=15"
    assert first.headers["vary"] == "Accept, X-Api-Key"
    again = deployment.get("{ getAlerts { nextToken } }", if_none_match=first.headers["etag"])
    assert (again.status, again.text) == (304, "")
    other = deployment.get("{ getAlerts { data { id } } }", if_none_match=first.headers["etag"])
    assert other.status == 200


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("%s", 304),
        ("W/%s", 304),
        ('"other", %s', 304),
        ('"other",W/%s , "another"', 304),
        ("*", 304),
        ("", 200),
        ('"other"', 200),
        ('"other%s"', 200),
        ("%sx", 200),
        ("*, x", 200),
    ],
)
def test_the_etag_is_found_among_those_that_a_client_has(
    deployment: Deployment, written: str, status: int
) -> None:
    etag = deployment.get("{ __typename }").headers["etag"]
    answer = deployment.get("{ __typename }", if_none_match=written.replace("%s", etag))
    assert answer.status == status
    assert answer.headers["etag"] == etag
    assert answer.headers["cache-control"] == "private, max-age=15"
    assert answer.headers["vary"] == "Accept, X-Api-Key"


def test_an_answer_of_another_type_is_another_answer_to_caches(deployment: Deployment) -> None:
    by_type = [deployment.get("{ __typename }", accept=accept) for accept in (JSON, GRAPHQL)]
    assert by_type[0].headers["content-type"] != by_type[1].headers["content-type"]
    assert all("Accept" in answer.headers["vary"] for answer in by_type)


def test_neither_a_post_nor_an_error_may_be_cached(deployment: Deployment) -> None:
    for answer in (
        deployment.ask("{ __typename }"),
        deployment.get("{ getAlerts(limit: 0) { nextToken } }"),
        deployment.get("{"),
        deployment.send("GET", headers={"x-api-key": ""}),
    ):
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
