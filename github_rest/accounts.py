"""Accounts: whether a login belongs to an organisation or to a user."""

from dataclasses import dataclass

from github_rest.http import fields
from github_rest.http.client import Client
from github_rest.http.paths import segment

_ORGANISATION = "Organization"


@dataclass(frozen=True, slots=True)
class Account:
    """An account.

    Attributes:
        login: Its login, as GitHub spells it.
        is_organisation: Whether it is an organisation. Otherwise it is a user.
    """

    login: str
    is_organisation: bool


def get(client: Client, login: str) -> Account:
    """Return an account. github.com responds without credentials, too.

    Raises:
        GitHubError: The request fails; an unknown login is `not_found`.
    """
    data = fields.mapping(client.get(f"/users/{segment(login)}").data, "account")
    return Account(fields.text(data, "login"), fields.text(data, "type") == _ORGANISATION)
