"""The errors of calls to GitHub in plain words, each with the next step."""

from github_rest.errors import (
    GitHubError,
    RateLimitedError,
    RefusedError,
    SkippedError,
    TemporaryError,
)
from operations.errors import GitHubAccessError, GitHubFailedError, OperationsError


def explained(error: GitHubError, *, what: str, credentials: str) -> OperationsError:
    """Return an error of GitHub as one that names the next step.

    Args:
        error: The error.
        what: What was read, such as `the organisation acme`.
        credentials: Who read it, such as `the GitHub App our-metrics`.
    """
    if isinstance(error, RateLimitedError):
        return GitHubFailedError(
            f"The rate limit of {credentials} is exhausted until {error.resume_at:%H:%M} UTC.",
            next_step="Run the command again then.",
        )
    if isinstance(error, TemporaryError):
        return GitHubFailedError(
            f"GitHub fails or cannot be reached: {error.message or error.reason}.",
            next_step="Check the network, then run the command again.",
        )
    if isinstance(error, SkippedError) or error.reason == "not_found":
        return GitHubAccessError(
            f"GitHub does not have {what}, or {credentials} cannot see it.",
            next_step="Check the name, and that the credentials have access to it.",
        )
    if isinstance(error, RefusedError):
        return _refused(error, what, credentials)
    return GitHubFailedError(
        f"GitHub's response is not the documented one: {error}.",
        next_step="Check --api-url. If it is right, report this as a defect.",
    )


def _refused(error: RefusedError, what: str, credentials: str) -> OperationsError:
    if error.reason == "unauthorized":
        return GitHubAccessError(
            f"GitHub does not accept {credentials}.",
            next_step="Use a valid token, or connect the App again with `gcsmttr connect`.",
        )
    if error.reason == "forbidden":
        return GitHubAccessError(
            f"GitHub does not let {credentials} read {what}: {error.message}.",
            next_step="Give it the permission to read code scanning alerts, and authorise a token"
            " for single sign-on if the organisation uses it.",
        )
    return GitHubFailedError(
        f"GitHub refuses the request for {what}: {error.message}.",
        next_step="Check the message. `--restart` begins again at the first page.",
    )
