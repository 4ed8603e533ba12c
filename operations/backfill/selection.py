"""What a backfill reads: the account, the server, the branches, and whether it changes anything.

Owns which list of GitHub belongs to which account. Pure.
"""

from dataclasses import dataclass

from github_rest.http.client import Client
from operations.github_access import Account, AccountKind
from reconcile.sources import (
    EnterpriseSource,
    OrganisationSource,
    RepositoriesSource,
    RepositorySource,
    Source,
    UserSource,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a backfill reads.

    Attributes:
        account: The account whose alerts it reads.
        api_url: The address of a GitHub that is neither github.com nor that of a connected App.
        all_branches: Whether it reads the repositories of an organisation one by one.
        is_dry_run: Whether it publishes nothing and saves no cursor.
        restart: Whether it begins again although an earlier run was interrupted.
    """

    account: Account
    api_url: str | None = None
    all_branches: bool = False
    is_dry_run: bool = False
    restart: bool = False

    def source(self, client: Client) -> Source:
        """Return the lists of the account."""
        name = self.account.name
        match self.account.kind:
            case AccountKind.ORGANISATION if self.all_branches:
                return RepositoriesSource(client, name)
            case AccountKind.ORGANISATION:
                return OrganisationSource(client, name)
            case AccountKind.ENTERPRISE:
                return EnterpriseSource(client, name)
            case AccountKind.USER:
                return UserSource(client, name)
        return RepositorySource(client, name)
