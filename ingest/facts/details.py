"""The details of an alert: its rule's description and tags, its location, and who dismissed it.

Owns the limits of these values, and which of two reports of them is kept (`DetailsReport`). Pure.
"""

from dataclasses import dataclass
from enum import StrEnum

from ingest.errors import InvalidAlertError

LONGEST_DESCRIPTION = 1_000
"""In UTF-8 bytes."""
LONGEST_PATH = 1_000
"""In UTF-8 bytes."""
LONGEST_TAG = 100
"""In UTF-8 bytes."""
MAX_TAGS = 30
LONGEST_LOGIN = 100
"""In UTF-8 bytes."""
_LARGEST_LINE = 2**31 - 1


class ActorKind(StrEnum):
    """Who or what dismissed an alert."""

    USER = "user"
    APP = "app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What GitHub reports about an alert without an effect on any count.

    Attributes:
        description: The description of the rule.
        tags: The tags of the rule, such as `external/cwe/cwe-079`; sorted, each once.
        path: The file of the most recent instance.
        start_line: The first line of the most recent instance.
        dismissed_by: Who or what dismissed the alert.
        dismisser: The login of the person who dismissed the alert. It is set only if the deployment
            has the setting `keepActors`.
    """

    description: str | None = None
    tags: tuple[str, ...] = ()
    path: str | None = None
    start_line: int | None = None
    dismissed_by: ActorKind | None = None
    dismisser: str | None = None

    def __post_init__(self) -> None:
        """Raise InvalidAlertError, `details_invalid`, if a value exceeds its limit."""
        is_valid = (
            _is_text(self.description, LONGEST_DESCRIPTION)
            and _is_text(self.path, LONGEST_PATH)
            and _is_text(self.dismisser, LONGEST_LOGIN)
            and len(self.tags) <= MAX_TAGS
            and list(self.tags) == sorted(set(self.tags))
            and all(tag and _is_text(tag, LONGEST_TAG) for tag in self.tags)
            and (self.start_line is None or is_line(self.start_line))
        )
        if not is_valid:
            raise InvalidAlertError("details_invalid")

    @property
    def order(self) -> tuple[object, ...]:
        """A total order, so that two reports of the same time have one winner."""
        return (
            self.description or "",
            self.tags,
            self.path or "",
            self.start_line or 0,
            self.dismissed_by or "",
            self.dismisser or "",
        )


@dataclass(frozen=True, slots=True)
class DetailsReport:
    """Details, and the newest time that GitHub reported with them."""

    reported_ms: int
    details: Details


def newest(one: DetailsReport | None, other: DetailsReport | None) -> DetailsReport | None:
    """Return the report that is kept: the newest one, and of the same time the greatest one.

    The result does not depend on the order of the arguments. None never replaces a report.
    """
    return max(
        (report for report in (one, other) if report is not None),
        key=lambda report: (report.reported_ms, report.details.order),
        default=None,
    )


def is_line(value: object) -> bool:
    """Return whether a value is the number of a line."""
    return type(value) is int and 0 < value <= _LARGEST_LINE


def _is_text(text: str | None, longest: int) -> bool:
    return text is None or (text != "" and text.isprintable() and len(text.encode()) <= longest)
