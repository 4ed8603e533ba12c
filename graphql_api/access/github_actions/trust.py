"""Which jobs of GitHub Actions can query, and what they can read.

Owns the settings of trust and the decision about the claims of a token whose signature is valid.
The owner of the repository is recognised by its id (GitHub Docs, "OpenID Connect reference"). Its
login can be taken by someone else after a rename, and the form of the claim `sub` can be changed by
the owner, so `sub` is never read. Pure, and independent of PyJWT.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn, Self

from graphql_api.access.access import Access
from graphql_api.vocabulary.errors import UnauthorizedError
from ingest import instant
from ingest.names import folded, is_owner, is_repository

GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
"""The issuer of github.com. GitHub Enterprise Server and ghe.com have their own."""
_OWNER_ID = re.compile(r"[1-9][0-9]{0,18}")
_WORKFLOW = re.compile(r"[^/@\s]+/[^/@\s]+/\.github/workflows/[^@\s,]+@[^\s,]+")

NO_VALID_TOKEN = "Send a valid token in the header authorization, or an API key in x-api-key."  # noqa: S105
"""The message to the client, whatever is wrong with the token."""


def refuse(refused: str) -> NoReturn:
    """Refuse a token.

    Args:
        refused: What is wrong, for the log. It never contains a part of the token.

    Raises:
        UnauthorizedError: Always.
    """
    raise UnauthorizedError(NO_VALID_TOKEN, refused=refused)


class Trust(NamedTuple):
    """The issuer and audience of the accepted tokens, and the owners they are accepted from.

    Attributes:
        issuer: The address of the issuer, without a slash at its end.
        audience: What the job must request its token for.
        owners: The organisations that the jobs of an owner can read, by the id of the owner.
        repositories: The only repositories whose jobs are accepted. Empty means all.
        workflows: The only workflows whose jobs are accepted, as the claim `job_workflow_ref`
            contains them. Empty means all.
    """

    issuer: str
    audience: str
    owners: Mapping[str, frozenset[str]]
    repositories: frozenset[str] = frozenset()
    workflows: frozenset[str] = frozenset()

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self | None:
        """Return the settings of an environment, or None if it names no owner.

        Raises:
            KeyError: The audience is missing.
            ValueError: A value does not have the form that its parser accepts.
        """
        owners = environment.get("OIDC_OWNERS", "")
        if not owners:
            return None
        return cls(
            issuer=environment.get("OIDC_ISSUER", GITHUB_ISSUER),
            audience=environment["OIDC_AUDIENCE"],
            owners=parse_owners(owners),
            repositories=parse_repositories(environment.get("OIDC_REPOSITORIES", "")),
            workflows=parse_workflows(environment.get("OIDC_WORKFLOWS", "")),
        )

    def access(self, claims: Mapping[str, Any]) -> Access:
        """Return what the job that these claims describe can read.

        `exp` must be a number or the text of one; PyJWT has checked it.

        Raises:
            UnauthorizedError: A claim is missing, or the job is not one of those accepted.
        """
        owner, repository = claims.get("repository_owner_id"), claims.get("repository")
        if not isinstance(owner, str) or owner not in self.owners:
            refuse("repository_owner_id")
        if not isinstance(repository, str) or not is_repository(repository):
            refuse("repository")
        if self.repositories and folded(repository) not in self.repositories:
            refuse("repository")
        workflow = claims.get("job_workflow_ref")
        if self.workflows and not (isinstance(workflow, str) and workflow in self.workflows):
            refuse("job_workflow_ref")
        return Access(
            name=f"github-actions:{repository}",
            organisations=self.owners[owner],
            expires_at=instant.to_text(int(claims["exp"]) * 1_000),
        )


def parse_owners(text: str) -> Mapping[str, frozenset[str]]:
    """Return the organisations of each owner in a text such as `9919=octo-org,9919=octo-labs`.

    Raises:
        ValueError: The text has another form.
    """
    owners: dict[str, set[str]] = {}
    for pair in text.split(","):
        owner, _, organisation = pair.partition("=")
        if not _OWNER_ID.fullmatch(owner) or not is_owner(organisation):
            raise ValueError(pair)
        owners.setdefault(owner, set()).add(folded(organisation))
    return MappingProxyType({owner: frozenset(names) for owner, names in owners.items()})


def parse_repositories(text: str) -> frozenset[str]:
    """Return the repositories in a text such as `octo-org/web,octo-org/api`, in lower case.

    Raises:
        ValueError: The text has another form.
    """
    names = text.split(",") if text else []
    if not all(map(is_repository, names)):
        raise ValueError(text)
    return frozenset(map(folded, names))


def parse_workflows(text: str) -> frozenset[str]:
    """Return the workflows in a text, unchanged.

    Raises:
        ValueError: A workflow is not of the form `OWNER/REPOSITORY/.github/workflows/FILE@REF`.
    """
    workflows = text.split(",") if text else []
    if not all(map(_WORKFLOW.fullmatch, workflows)):
        raise ValueError(text)
    return frozenset(workflows)
