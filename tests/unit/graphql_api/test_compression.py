"""Compression of responses, as in RFC 9110, section 12.5.3."""

import gzip
from collections.abc import Iterator

import pytest
from graphql import get_introspection_query

from graphql_api.http.compression import SMALLEST_COMPRESSED
from graphql_api.http.negotiation import accepts_gzip
from tests.support.graphql_api.deployment import Deployment, deployed

LARGE = get_introspection_query()


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """Yield one deployment for all tests of this module. None of them writes."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as shared:
        yield shared


@pytest.mark.parametrize(
    ("accept_encoding", "accepted"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("br, deflate", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*", True),
        ("*;q=0", False),
        ("gzipped", False),
        (",,;q,gzip;q=x", True),
    ],
)
def test_accepted_encodings(accept_encoding: str | None, *, accepted: bool) -> None:
    assert accepts_gzip(accept_encoding) is accepted


def test_a_large_response_is_compressed_for_a_client_that_accepts_it(
    deployment: Deployment,
) -> None:
    plain = deployment.get(LARGE)
    small = deployment.get(LARGE, accept_encoding="gzip")
    assert len(plain.body) >= SMALLEST_COMPRESSED
    assert small.headers["content-encoding"] == "gzip"
    assert len(small.body) < len(plain.body) / 4
    assert gzip.decompress(small.body) == plain.body
    assert "content-encoding" not in plain.headers


def test_both_encodings_share_an_etag_and_caches_keep_them_apart(deployment: Deployment) -> None:
    plain = deployment.get(LARGE)
    small = deployment.get(LARGE, accept_encoding="gzip")
    assert small.headers["etag"] == plain.headers["etag"]
    assert small.headers["etag"].startswith("W/")
    assert "Accept-Encoding" in plain.headers["vary"]
    unchanged = deployment.get(LARGE, accept_encoding="gzip", if_none_match=plain.headers["etag"])
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert "content-encoding" not in unchanged.headers


def test_a_small_response_is_not_compressed(deployment: Deployment) -> None:
    response = deployment.get("{ __typename }", accept_encoding="gzip")
    assert "content-encoding" not in response.headers
    assert response.json == {"data": {"__typename": "Query"}}
