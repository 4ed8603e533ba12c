"""The meaning of a response: its data, its rate limit, its next page, or the error it describes.

Owns the classification of statuses and messages, over the parsing of gidgethub. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from gidgethub import HTTPException, sansio

from github_rest.errors import (
    GitHubError,
    InvalidResponseError,
    RateLimitedError,
    RefusedError,
    Skipped,
    SkippedError,
    UnavailableError,
)

SHORTEST_SECONDARY_WAIT = timedelta(minutes=1)
"""GitHub Docs, "Best practices for using the REST API": wait for at least one minute."""
_LONGEST_MESSAGE = 300
_REASONS = {400: "invalid_request", 401: "unauthorized", 403: "forbidden", 404: "not_found"}
_SKIPS: tuple[tuple[int, str, Skipped], ...] = (
    (403, "code scanning is not enabled", Skipped.CODE_SCANNING_DISABLED),
    (403, "advanced security", Skipped.ADVANCED_SECURITY_DISABLED),
    (403, "code security must be enabled", Skipped.ADVANCED_SECURITY_DISABLED),
    (404, "no analysis found", Skipped.NO_ANALYSIS),
    (404, "", Skipped.REPOSITORY_GONE),
    (410, "", Skipped.REPOSITORY_GONE),
    (451, "", Skipped.UNAVAILABLE_FOR_LEGAL_REASONS),
)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The state of the primary rate limit after a response."""

    limit: int
    remaining: int
    reset_at: datetime


@dataclass(frozen=True, slots=True)
class Response:
    """A successful response.

    Attributes:
        data: The JSON of the body, None if it is empty.
        next_url: The address of the next page.
        rate: The rate limit, if the server has one.
        observed_at: A time at which the content was true: the start of the request, or the time
            of the response if that is earlier by the server's clock.
        repository_id: The id of the repository, if the address that responded contains it: that of
            a repository with another name now, and that of a next page.
    """

    data: object
    next_url: str | None
    rate: RateLimit | None
    observed_at: datetime
    repository_id: int | None = None


def response_of(
    status: int, headers: Mapping[str, str], body: bytes, *, sent_at: datetime, now: datetime
) -> Response:
    """Return what a response contains.

    Args:
        status: The HTTP status.
        headers: The headers, with names in lower case.
        body: The body.
        sent_at: The start of the request.
        now: The end of the request.

    Raises:
        GitHubError: The response is an error; which one, see `error_of`.
    """
    try:
        data, _, next_url = sansio.decipher_response(status, headers, body)
    except HTTPException as error:
        raise error_of(status, str(error), headers=headers, now=now) from None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # Not JSON: a proxy or an overloaded server responds with a page.
        if status >= 400:
            raise error_of(status, "", headers=headers, now=now) from None
        raise InvalidResponseError("invalid_response", type(error).__name__) from None
    observed_at = min(sent_at, _date(headers) or sent_at)
    return Response(data, next_url, rate_of(headers), observed_at)


def error_of(
    status: int, message: str, *, headers: Mapping[str, str], now: datetime
) -> GitHubError:
    """Return the error that a response describes, with the earliest time for another attempt.

    A 403 or 429 is a rate limit if the headers or the message show it. The primary limit ends at
    its reset time. A secondary limit ends after `Retry-After`, or else after at least a minute.
    """
    message = message[:_LONGEST_MESSAGE]
    retry_after = _seconds(headers.get("retry-after"))
    rate = rate_of(headers)
    if status in {403, 429}:
        if retry_after is not None:
            at = now + retry_after
            return RateLimitedError("secondary_rate_limited", resume_at=at, message=message)
        if rate is not None and rate.remaining <= 0:
            return RateLimitedError("rate_limited", resume_at=rate.reset_at, message=message)
        if status == 429 or "rate limit" in message.lower():
            at = now + SHORTEST_SECONDARY_WAIT
            return RateLimitedError("secondary_rate_limited", resume_at=at, message=message)
    if status >= 500:
        at = now + (retry_after or timedelta(0))
        return UnavailableError("server_error", resume_at=at, message=f"{status} {message}")
    reason = "invalid_request" if status == 422 else _REASONS.get(status, "refused")
    return RefusedError(reason, status=status, message=message)


def skip_of(error: RefusedError) -> GitHubError:
    """Return a refusal of a repository's alerts as the reason to skip it, or unchanged."""
    message = error.message.lower()
    for status, part, skipped in _SKIPS:
        if error.status == status and part in message:
            return SkippedError(skipped, error.message)
    return error


def rate_of(headers: Mapping[str, str]) -> RateLimit | None:
    """Return the rate limit in the headers; None if there is none, as on Enterprise Server."""
    try:
        rate = sansio.RateLimit.from_http(headers)
    except (ValueError, OverflowError, OSError):
        return None
    # gidgethub's rate limit is false when it is exhausted.
    return None if rate is None else RateLimit(rate.limit, rate.remaining, rate.reset_datetime)


def _seconds(text: str | None) -> timedelta | None:
    try:
        return None if text is None else timedelta(seconds=max(0, int(text)))
    except (ValueError, OverflowError):
        return None


def _date(headers: Mapping[str, str]) -> datetime | None:
    try:
        return parsedate_to_datetime(headers["date"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        return None
