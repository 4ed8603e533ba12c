"""The JSON of repositories: the short form in lists of alerts, and the full form.

Owns which facts are in which form: the short one has neither default branch nor properties.
"""

from infra.local.github.forms import accounts
from infra.local.github.forms.addresses import Addresses, Json, node_id, text
from infra.local.github.world.records import Repository

_URLS = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "/assignees{/user}",
    "blobs": "/git/blobs{/sha}",
    "branches": "/branches{/branch}",
    "collaborators": "/collaborators{/collaborator}",
    "comments": "/comments{/number}",
    "commits": "/commits{/sha}",
    "compare": "/compare/{base}...{head}",
    "contents": "/contents/{+path}",
    "contributors": "/contributors",
    "deployments": "/deployments",
    "downloads": "/downloads",
    "events": "/events",
    "forks": "/forks",
    "git_commits": "/git/commits{/sha}",
    "git_refs": "/git/refs{/sha}",
    "git_tags": "/git/tags{/sha}",
    "hooks": "/hooks",
    "issue_comment": "/issues/comments{/number}",
    "issue_events": "/issues/events{/number}",
    "issues": "/issues{/number}",
    "keys": "/keys{/key_id}",
    "labels": "/labels{/name}",
    "languages": "/languages",
    "merges": "/merges",
    "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}",
    "pulls": "/pulls{/number}",
    "releases": "/releases{/id}",
    "stargazers": "/stargazers",
    "statuses": "/statuses/{sha}",
    "subscribers": "/subscribers",
    "subscription": "/subscription",
    "tags": "/tags",
    "teams": "/teams",
    "trees": "/git/trees{/sha}",
}
_COUNTS = ("forks", "open_issues", "watchers")


def short(repository: Repository, at: Addresses) -> Json:
    """Return the simple repository, which each alert of an organisation's list contains."""
    url = f"{at.api}/repos/{repository.full_name}"
    return {
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.visibility != "public",
        "owner": accounts.account(repository.owner, at),
        "html_url": f"{at.web}/{repository.full_name}",
        "description": None,
        "fork": False,
        "url": url,
        **{f"{name}_url": url + path for name, path in _URLS.items()},
    }


def full(repository: Repository, at: Addresses) -> Json:
    """Return all facts, as lists of repositories, single repositories and webhooks have them."""
    page = f"{at.web}/{repository.full_name}"
    host = at.web.partition("://")[2]
    return {
        **short(repository, at),
        "clone_url": f"{page}.git",
        "git_url": f"git://{host}/{repository.full_name}.git",
        "ssh_url": f"git@{host}:{repository.full_name}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "size": 1,
        "default_branch": repository.default_branch,
        **dict.fromkeys(_COUNTS, 0),
        **{f"{name}_count": 0 for name in (*_COUNTS, "stargazers", "network", "subscribers")},
        "is_template": False,
        "topics": list(repository.topics),
        "has_issues": True,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": True,
        "has_discussions": False,
        "archived": repository.archived,
        "disabled": False,
        "visibility": repository.visibility,
        "created_at": text(repository.created_at),
        "updated_at": text(repository.created_at),
        "pushed_at": text(repository.created_at),
        "custom_properties": dict(repository.properties),
    }


def property_values(repository: Repository) -> Json:
    """Return the custom properties in the form of an organisation's list."""
    listed = [{"property_name": name, "value": one} for name, one in repository.properties.items()]
    return {
        "repository_id": repository.id,
        "repository_name": repository.name,
        "repository_full_name": repository.full_name,
        "properties": listed,
    }
