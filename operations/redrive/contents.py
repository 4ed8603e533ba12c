"""What the messages of a dead-letter queue are about, and why they are there. Pure.

Owns the forms in which EventBridge, Step Functions, Lambda and the stream handlers write them.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest import instant
from ingest.events import alert_detail, repository_event
from operations.redrive.letters import Letter

UNREADABLE = "unreadable"
_DETAIL_TYPES = {alert_detail.DETAIL_TYPE, repository_event.DETAIL_TYPE}
_LONGEST_ERROR = 200


@dataclass(frozen=True, slots=True, order=True)
class Content:
    """What a message is about, such as a repository, and the error, empty if it has none."""

    about: str
    error: str


def summary(letters: Iterable[Letter]) -> Sequence[tuple[Content, int]]:
    """Return the contents of messages with their numbers, the most frequent ones first."""
    return Counter(map(content_of, letters)).most_common()


def content_of(letter: Letter) -> Content:
    """Return what a message is about; a message of an unknown form is `unreadable`."""
    body = _object(letter.body)
    if (event := event_of(letter)) is not None:
        return Content(_about(event["detail"]), _error_of_event(letter, body))
    if "requestContext" in body:
        return _of_stream(body)
    for subject, sources in (("repository", "alerts"), ("organisation", "rows")):
        if isinstance(body.get(subject), str) and isinstance(body.get(sources), list):
            return Content(body[subject], "")
    return Content(UNREADABLE, "")


def event_of(letter: Letter) -> Mapping[str, Any] | None:
    """Return the event in a message, as the event bus passed it on; None if there is none.

    EventBridge sends the event itself, and the state machine an object with the event in it.
    """
    body = _object(letter.body)
    event = body.get("event", body)
    if not isinstance(event, dict) or event.get("source") != alert_detail.SOURCE:
        return None
    if event.get("detail-type") not in _DETAIL_TYPES or not isinstance(event.get("detail"), dict):
        return None
    try:
        instant.parse(event["time"])
    except (KeyError, TypeError, ValueError):
        return None
    return event


def _about(detail: Mapping[str, Any]) -> str:
    name = detail.get("repositoryName") or detail.get("name") or "unknown repository"
    number = f" alert {detail['alertID']}" if "alertID" in detail else ""
    return f"{name}{number}: {detail.get('action', 'unknown action')}"


def _error_of_event(letter: Letter, body: Mapping[str, Any]) -> str:
    failure = body.get("error")
    if isinstance(failure, dict):
        return _joined(failure.get("Error"), failure.get("Cause"))
    return _joined(letter.notes.get("ERROR_CODE"), letter.notes.get("ERROR_MESSAGE"))


def _of_stream(body: Mapping[str, Any]) -> Content:
    """Return the content of a message of Lambda about stream records that failed."""
    records = _part(body, "DDBStreamBatchInfo")
    size, since = records.get("batchSize"), records.get("approximateArrivalOfFirstRecord")
    count = f"{size} stream record{'' if size == 1 else 's'}" if size else "stream records"
    response = _part(body, "responseContext").get("functionError")
    return Content(
        f"{count} since {since}" if since else count,
        _joined(_part(body, "requestContext").get("condition"), response),
    )


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _joined(*texts: object) -> str:
    found = ": ".join(" ".join(str(text).split()) for text in texts if text)
    return found if len(found) <= _LONGEST_ERROR else f"{found[: _LONGEST_ERROR - 1]}…"


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
