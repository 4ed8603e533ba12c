"""The settings about who can query: tokens of GitHub Actions, and the requests of a key.

Owns the same as `general` for these keys. The query function parses the owners, repositories and
workflows, so their forms are defined there.
"""

from collections.abc import Callable

from graphql_api.access.github_actions.trust import (
    GITHUB_ISSUER,
    parse_owners,
    parse_repositories,
    parse_workflows,
)
from infra.settings.setting import NONE, Setting, between, settings_in, text

_MOST_REQUESTS = 10_000
_DIGITS = "[0-9]{1,5}"


def _parsed_by(parse: Callable[[str], object]) -> Callable[[object], str]:
    def checked(value: object) -> str:
        given = text("(?s).+")(value)
        parse(given)
        return given

    return checked


OIDC_OWNERS = Setting(
    key="oidcOwners",
    meaning="The owners whose GitHub Actions jobs can query with a token, by the id of the owner, "
    "and the organisations that each can read.",
    accepts="pairs such as 9919=octo-org,9919=octo-labs, of an id and the login of an organisation",
    parse=_parsed_by(parse_owners),
    default="",
    shown_default=NONE,
)
OIDC_REPOSITORIES = Setting(
    key="oidcRepositories",
    meaning="The only repositories whose jobs can query with a token. Without it, all repositories "
    "of the owners.",
    accepts="names such as octo-org/web with commas between them",
    parse=_parsed_by(parse_repositories),
    default="",
    shown_default=NONE,
)
OIDC_WORKFLOWS = Setting(
    key="oidcWorkflows",
    meaning="The only workflows whose jobs can query with a token, as its claim `job_workflow_ref` "
    "contains them. Without it, all workflows.",
    accepts="texts such as octo-org/web/.github/workflows/report.yml@refs/heads/main with commas "
    "between them",
    parse=_parsed_by(parse_workflows),
    default="",
    shown_default=NONE,
)
OIDC_AUDIENCE: Setting[str | None] = Setting(
    key="oidcAudience",
    meaning="The audience for which jobs must request their tokens. Without it, the address in the "
    "output GraphqlUrl.",
    accepts="1 to 200 characters without spaces",
    parse=text(r"[!-~]{1,200}"),
    default=None,
    shown_default=NONE,
)
OIDC_ISSUER = Setting(
    key="oidcIssuer",
    meaning="The issuer of the tokens. That of GitHub Enterprise Server is "
    "https://HOST/_services/token, that of ghe.com https://token.actions.SUBDOMAIN.ghe.com.",
    accepts="an https address without a slash at its end; on the emulator also "
    "http://127.0.0.1:PORT",
    parse=text(r"(https://[^\s/?#]+|http://127\.0\.0\.1:\d+)(/[^\s/?#]+)*"),
    default=GITHUB_ISSUER,
    shown_default=GITHUB_ISSUER,
)
KEY_REQUESTS_PER_SECOND = Setting(
    key="keyRequestsPerSecond",
    meaning="The requests that an API key, or the tokens of a repository, can send in each second "
    "to one process of the query function; 0 for no limit.",
    accepts=f"a whole number, 0 to {_MOST_REQUESTS}",
    parse=between(0, _MOST_REQUESTS, digits=_DIGITS),
    default=50,
    shown_default="50",
)
KEY_REQUEST_BURST = Setting(
    key="keyRequestBurst",
    meaning="The requests that an API key, or the tokens of a repository, can send at once to one "
    "process of the query function.",
    accepts=f"a whole number, 1 to {_MOST_REQUESTS}",
    parse=between(1, _MOST_REQUESTS, digits=_DIGITS),
    default=500,
    shown_default="500",
)
SETTINGS = settings_in(vars())
