"""The origins of a state: the events that led to it, and GitHub's time of each change.

Rows and messages carry origins along the path of an alert. So each log line names the deliveries
that it is about, and lags are measured. Owns their form, and the most that one row carries. No
decision about a row depends on origins, so they are not compared. Imports little, because the query
function loads this module during its cold start. Pure.
"""

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

ORIGINS = "origins"
"""The attribute of a row with the events of its newest write. It is not part of the state."""

MOST_ORIGINS = 10
"""The most origins of one row or of one source in a message. Each takes about 60 bytes."""


class Origin(NamedTuple):
    """An event: the id of its delivery, or of the task that found it, and GitHub's time.

    `at_ms` is None if GitHub reported no time, and for a state that is found or written again long
    after the change, such as by a backfill or a rename. Its lag describes no part of the pipeline.
    """

    delivery: str
    at_ms: int | None = None


Origins = tuple[Origin, ...]


def merged(many: Iterable[Origins], *, most: int | None = None) -> Origins:
    """Return each of the origins once, in order, and at most `most` of them."""
    return tuple(islice(dict.fromkeys(one for some in many for one in some), most))


def without_times(origins: Origins) -> Origins:
    """Return the origins of a state that is written again, long after its changes."""
    return tuple(dict.fromkeys(Origin(one.delivery) for one in origins))


def deliveries_of(origins: Iterable[Origin]) -> str:
    """Return the ids as one text, with spaces between them, for a log line.

    CloudWatch Logs Insights finds at most 200 fields in a line, so a list would hide other fields.
    """
    return " ".join(dict.fromkeys(one.delivery for one in origins))


def lags_ms(origins: Iterable[Origin], *, now_ms: int) -> list[int]:
    """Return the time since each change. For a clock that is behind GitHub's, it is 0."""
    return [max(0, now_ms - one.at_ms) for one in origins if one.at_ms is not None]


def to_attribute(origins: Origins) -> dict[str, Any]:
    """Return the attribute of a row with these origins, and none without origins."""
    if not origins:
        return {}
    return {ORIGINS: {"S": json.dumps(to_json(origins), separators=(",", ":"))}}


def from_item(item: Mapping[str, Any]) -> Origins:
    """Return the origins of a row. Rows of versions without origins have none."""
    return from_json(json.loads(item[ORIGINS]["S"])) if ORIGINS in item else ()


def to_json(origins: Origins) -> list[list[object]]:
    """Return the form in rows and messages: `[["<id>", <milliseconds since 1970, or null>], …]`."""
    return [list(one) for one in origins]


def from_json(packed: object) -> Origins:
    """Return the origins that `to_json` wrote. Raises TypeError for any other value."""
    if not isinstance(packed, list):
        raise TypeError("origins must be a list")
    return tuple(_origin(*one) for one in packed)


def _origin(delivery: object, at_ms: object) -> Origin:
    if not isinstance(delivery, str) or not (at_ms is None or isinstance(at_ms, int)):
        raise TypeError("an origin must be an id and a time")
    return Origin(delivery, at_ms)
