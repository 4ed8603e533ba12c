"""The errors of calls to GitHub, each with a stable, machine-readable `reason`.

Owns the exception tree. A message contains a status and GitHub's own message, but never a URL, a
header or a body of a request, since these can contain secrets.
"""

from datetime import datetime
from enum import StrEnum


class Skipped(StrEnum):
    """Why a repository has no alerts to read, although nothing went wrong."""

    ADVANCED_SECURITY_DISABLED = "advanced_security_disabled"
    CODE_SCANNING_DISABLED = "code_scanning_disabled"
    NO_ANALYSIS = "no_analysis"
    REPOSITORY_GONE = "repository_gone"
    """It does not exist, or the credentials cannot see it. GitHub does not distinguish these."""
    UNAVAILABLE_FOR_LEGAL_REASONS = "unavailable_for_legal_reasons"


class GitHubError(Exception):
    """The base of all errors of this package."""

    def __init__(self, reason: str, message: str = "") -> None:
        """Store the stable reason. The message is for people."""
        super().__init__(f"{reason}: {message}" if message else reason)
        self.reason = reason
        self.message = message


class SkippedError(GitHubError):
    """A repository has no alerts to read. Callers report `skipped`, and continue."""

    def __init__(self, skipped: Skipped, message: str = "") -> None:
        """Store why."""
        super().__init__(skipped.value, message)
        self.skipped = skipped


class RefusedError(GitHubError):
    """GitHub refuses a request, and would refuse it again.

    Reasons: `unauthorized`, `forbidden`, `not_found`, `invalid_request`, `refused`.
    """

    def __init__(self, reason: str, *, status: int, message: str = "") -> None:
        """Store the HTTP status."""
        super().__init__(reason, f"{status} {message}".strip())
        self.status = status


class TemporaryError(GitHubError):
    """A request can succeed later, from `resume_at` on."""

    def __init__(self, reason: str, *, resume_at: datetime, message: str = "") -> None:
        """Store the earliest time for another attempt."""
        super().__init__(reason, message)
        self.resume_at = resume_at


class RateLimitedError(TemporaryError):
    """A rate limit is exhausted. Reasons: `rate_limited` and `secondary_rate_limited`."""


class UnavailableError(TemporaryError):
    """GitHub fails or cannot be reached. Reasons: `server_error` and `unreachable`."""


class InvalidResponseError(GitHubError):
    """A response is not what GitHub documents.

    Reasons: `invalid_response`, `foreign_url`, `too_many_redirects`, `endless_pages`.
    """
