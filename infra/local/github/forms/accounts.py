"""The JSON of accounts."""

from infra.local.github.forms.addresses import Addresses, Json, node_id
from infra.local.github.world.records import Account

_PARTS = ("followers", "subscriptions", "repos", "received_events")


def account(account: Account, at: Addresses) -> Json:
    """Return the simple user, as which GitHub writes organisations, too."""
    url = f"{at.api}/users/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id("U", account.id),
        "avatar_url": f"{at.web}/avatars/{account.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{at.web}/{account.login}",
        **{f"{part}_url": f"{url}/{part}" for part in _PARTS},
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "organizations_url": f"{url}/orgs",
        "events_url": f"{url}/events{{/privacy}}",
        "type": account.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def public(account_: Account, at: Addresses) -> Json:
    """Return the public profile, of organisations too."""
    counts = ("public_repos", "public_gists", "followers", "following")
    texts = ("name", "company", "blog", "location", "email", "hireable", "bio")
    return {
        **account(account_, at),
        **dict.fromkeys(texts),
        **dict.fromkeys(counts, 0),
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
    }


def organisation(account: Account, at: Addresses) -> Json:
    """Return the organisation in a webhook."""
    url = f"{at.api}/orgs/{account.login}"
    parts = ("repos", "events", "hooks", "issues")
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id("O", account.id),
        "url": url,
        **{f"{part}_url": f"{url}/{part}" for part in parts},
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{at.web}/avatars/{account.id}",
        "description": None,
    }
