"""Whether a login belongs to an organisation or to a user."""

from collections.abc import Callable

import pytest

from github_rest import accounts
from github_rest.accounts import Account
from github_rest.errors import RefusedError
from github_rest.http.client import Client
from infra.local.github.github import GitHub


def test_kind_of_account_is_public(github: GitHub, connect: Callable[..., Client]) -> None:
    github.world.account("Acme")
    github.world.account("octocat", is_organisation=False)
    client = connect(None)
    assert accounts.get(client, "acme") == Account("Acme", is_organisation=True)
    assert accounts.get(client, "octocat") == Account("octocat", is_organisation=False)
    with pytest.raises(RefusedError, match="not_found"):
        accounts.get(client, "nobody")
