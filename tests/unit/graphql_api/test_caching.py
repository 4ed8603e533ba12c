"""Caching and conditional requests, as in RFC 9110 and 9111."""

from collections.abc import Iterator

import pytest

from tests.support.graphql_api.deployment import Deployment, deployed

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """Yield one deployment for all tests of this module. None of them writes."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as shared:
        yield shared


def test_get_response_is_cacheable_and_has_etag(
    deployment: Deployment,
) -> None:
    first = deployment.get("{ getAlerts { nextToken } }")
    assert first.headers["cache-control"] == "private, max-age=15"
    assert first.headers["vary"] == "Accept, Accept-Encoding, X-Api-Key, Authorization"
    again = deployment.get("{ getAlerts { nextToken } }", if_none_match=first.headers["etag"])
    assert (again.status, again.text) == (304, "")
    other = deployment.get("{ getAlerts { data { id } } }", if_none_match=first.headers["etag"])
    assert other.status == 200


@pytest.mark.parametrize(
    ("header", "status"),
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
def test_etag_matches_one_of_several(deployment: Deployment, header: str, status: int) -> None:
    etag = deployment.get("{ __typename }").headers["etag"]
    response = deployment.get(
        "{ __typename }", if_none_match=header.replace("%s", etag.removeprefix("W/"))
    )
    assert response.status == status
    assert response.headers["etag"] == etag
    assert response.headers["cache-control"] == "private, max-age=15"
    assert response.headers["vary"] == "Accept, Accept-Encoding, X-Api-Key, Authorization"


def test_response_varies_by_media_type(deployment: Deployment) -> None:
    by_type = [deployment.get("{ __typename }", accept=accept) for accept in (JSON, GRAPHQL)]
    assert by_type[0].headers["content-type"] != by_type[1].headers["content-type"]
    assert all("Accept" in response.headers["vary"] for response in by_type)


def test_post_and_error_responses_are_not_cacheable(deployment: Deployment) -> None:
    for response in (
        deployment.ask("{ __typename }"),
        deployment.get("{ getAlerts(limit: 0) { nextToken } }"),
        deployment.get("{"),
        deployment.send("GET", headers={"x-api-key": ""}),
    ):
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
