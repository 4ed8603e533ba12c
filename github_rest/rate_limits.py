"""The state of the rate limit, for people who ask for it.

Owns one call. It does not count against the limit; each other response contains the state, too.
"""

from datetime import UTC, datetime

from github_rest.errors import RefusedError
from github_rest.http import fields
from github_rest.http.client import Client
from github_rest.http.responses import RateLimit


def get(client: Client) -> RateLimit | None:
    """Return the state of the client's primary rate limit, None if the server has no limits.

    Raises:
        GitHubError: The request fails.
    """
    try:
        data = fields.mapping(client.get("/rate_limit").data, "rate limits")
    except RefusedError as error:
        if error.reason == "not_found":
            return None
        raise
    core = fields.mapping(fields.mapping(data.get("resources"), "resources").get("core"), "core")
    reset_at = datetime.fromtimestamp(fields.integer(core, "reset"), UTC)
    return RateLimit(fields.integer(core, "limit"), fields.integer(core, "remaining"), reset_at)
