"""The settings of trust in tokens."""

import pytest

from graphql_api.access.github_actions.trust import (
    GITHUB_ISSUER,
    Trust,
    parse_owners,
    parse_repositories,
    parse_workflows,
)


def test_owner_can_have_several_organisations() -> None:
    assert parse_owners("9919=Octo-Org,5=acme,9919=octo-labs") == {
        "9919": {"octo-org", "octo-labs"},
        "5": {"acme"},
    }


@pytest.mark.parametrize(
    "text", ["", "9919", "9919=", "=a", "a=b", "09=a", "9=a b", "9=a,", "9=a/b"]
)
def test_malformed_owners_are_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_owners(text)


@pytest.mark.parametrize("text", ["octo-org", "a/b,", "a/b/c", "a/ b"])
def test_malformed_repositories_are_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_repositories(text)


@pytest.mark.parametrize(
    "text",
    ["a/b", "a/b/.github/workflows/c.yml", "a/b/workflows/c.yml@main", "a/.github/workflows/c@x"],
)
def test_malformed_workflows_are_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_workflows(text)


def test_nobody_is_trusted_by_default() -> None:
    assert Trust.read({}) is None
    assert Trust.read({"OIDC_OWNERS": ""}) is None


def test_issuer_is_that_of_github_com_by_default() -> None:
    trust = Trust.read({"OIDC_OWNERS": "5=acme", "OIDC_AUDIENCE": "a"})
    assert trust == Trust(GITHUB_ISSUER, "a", {"5": frozenset({"acme"})})


def test_audience_is_demanded() -> None:
    with pytest.raises(KeyError, match="OIDC_AUDIENCE"):
        Trust.read({"OIDC_OWNERS": "5=acme"})
