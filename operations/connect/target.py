"""What a user connects: an organisation, a user or one repository, and its GitHub.

Owns the look-up of the account at GitHub, which also shows whether the server can be reached.
"""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from github_rest import accounts
from github_rest.accounts import Account
from github_rest.errors import (
    InvalidResponseError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from github_rest.http.client import Client
from github_rest.servers import Server
from ingest.names import owner_of
from operations.connect.errors import UnreachableServerError, WrongAccountError

_PRIVATE = frozenset({"unauthorized", "forbidden"})


class Kind(StrEnum):
    """What the name in the command line is."""

    ORGANISATION = "organisation"
    USER = "user"
    REPOSITORY = "repository"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is connected.

    Attributes:
        server: Its GitHub.
        kind: What `name` is.
        name: The login or `owner/name`.
        owner: The account that owns the App.
        is_organisation: Whether the owner is an organisation.
    """

    server: Server
    kind: Kind
    name: str
    owner: str
    is_organisation: bool

    @property
    def organisation(self) -> str | None:
        """The owner if it is an organisation, else None: the person's own account."""
        return self.owner if self.is_organisation else None

    @property
    def host(self) -> str:
        """The host of the pages, such as `github.com`."""
        return urlsplit(self.server.web_url).netloc


def target_of(
    stranger: Client, kind: Kind, name: str, *, signed_in: Client | None = None
) -> Target:
    """Look up the account, and return what is connected.

    Args:
        stranger: A client of the server without credentials.
        kind: What `name` is.
        name: A login or `owner/name`, as the user writes it.
        signed_in: A client with credentials, for a server that shows nothing to strangers.

    Raises:
        UnreachableServerError: The server does not respond as a GitHub does.
        WrongAccountError: The account does not exist, or it is of the other kind.
        GitHubError: The request fails for another reason.
    """
    account = _account(stranger, owner_of(name))
    if account is None and signed_in is not None:
        account = _account(signed_in, owner_of(name))
    server = stranger.connection.server
    if account is None:
        return unseen(server, kind, name)
    found = Kind.ORGANISATION if account.is_organisation else Kind.USER
    if kind is not Kind.REPOSITORY and found is not kind:
        article = "an" if found is Kind.ORGANISATION else "a"
        raise WrongAccountError(
            f"{account.login} is {article} {found}.",
            next_step=f"Give --{found} {account.login} instead.",
        )
    return Target(
        server=server,
        kind=kind,
        name=account.login + name[len(owner_of(name)) :],
        owner=account.login,
        is_organisation=account.is_organisation,
    )


def _account(client: Client, owner: str) -> Account | None:
    """Return the account, or None if the server does not show it to this client."""
    server = client.connection.server
    try:
        return accounts.get(client, owner)
    except RateLimitedError:
        return None
    except RefusedError as error:
        if error.reason == "not_found":
            raise WrongAccountError(
                f"{server.web_url} has no account with the name {owner}.",
                next_step="Check the spelling of the name, and --enterprise-server.",
            ) from None
        if error.reason not in _PRIVATE:
            raise
        return None
    except (UnavailableError, InvalidResponseError) as error:
        raise UnreachableServerError(
            f"{server.api_url} does not respond as a GitHub does ({error}).",
            next_step="Check --enterprise-server, and that this machine can reach the server.",
        ) from None


def unseen(server: Server, kind: Kind, name: str) -> Target:
    """Return an organisation or a user that is not looked up.

    Raises:
        WrongAccountError: The name is the one of a repository, whose owner can be of any kind.
    """
    if kind is Kind.REPOSITORY:
        raise WrongAccountError(
            f"It is unknown whether {owner_of(name)} is an organisation or a user.",
            next_step="Give --organisation or --user instead of --repository. On a private server,"
            " you can also set GITHUB_TOKEN to a token of that server.",
        )
    is_organisation = kind is Kind.ORGANISATION
    return Target(server=server, kind=kind, name=name, owner=name, is_organisation=is_organisation)
