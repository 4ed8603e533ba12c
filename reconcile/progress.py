"""The progress of a task: where it is in GitHub's lists, and what it found so far.

Owns the cursor, the counts, and their form as JSON. A task that ended early continues there. Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum

from ingest.rest.drift import Drift

MOST_NAMED = 100
"""How many skipped repositories and unreadable alerts a progress names; all are counted."""


class Branches(StrEnum):
    """Which alerts of its repositories a source lists."""

    DEFAULT = "default"
    """Those on default branches: the lists of organisations and enterprises have no others."""
    ALL = "all"
    """Those on all branches."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The next page to read.

    Attributes:
        after: The id of the last list that was read completely, 0 at the start. The lists of a
            source have ascending ids.
        url: The address of the next page of the list that follows, or None for its first page.
    """

    after: int = 0
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a task found so far.

    Attributes:
        pages: The number of pages that were read.
        alerts: The number of alerts that GitHub listed.
        requests: The number of requests to GitHub.
        drift: The number of alerts that differed, by the kind of difference.
        skipped: The number of repositories without alerts to read, by reason.
        unreadable: The number of listed alerts that are invalid, by reason.
        named: The skipped repositories and unreadable alerts with their reasons, at most
            `MOST_NAMED`.
    """

    pages: int = 0
    alerts: int = 0
    requests: int = 0
    drift: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    unreadable: Mapping[str, int] = field(default_factory=dict)
    named: tuple[tuple[str, str], ...] = ()

    @property
    def differences(self) -> int:
        """The number of alerts that differed."""
        return sum(self.drift.values())

    def with_page(
        self, *, alerts: int, drifts: Mapping[Drift, int], unreadable: tuple[tuple[str, str], ...]
    ) -> "Counts":
        """Return the counts with a page added. `unreadable` has names and reasons."""
        return replace(
            self,
            pages=self.pages + 1,
            alerts=self.alerts + alerts,
            drift=_sum(self.drift, {kind.value: number for kind, number in drifts.items()}),
            unreadable=_sum_of(self.unreadable, unreadable),
            named=(self.named + unreadable)[:MOST_NAMED],
        )

    def with_skipped(self, name: str, reason: str) -> "Counts":
        """Return the counts with a skipped repository added."""
        skipped = ((name, reason),)
        return replace(
            self,
            skipped=_sum_of(self.skipped, skipped),
            named=(self.named + skipped)[:MOST_NAMED],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The progress of a task. Times are RFC 3339 texts.

    Attributes:
        started_at: When the task was started.
        branches: Which alerts it reads: its cursor is one in the lists of these.
        cursor: The next page, or None when the task has ended.
        counts: What it found so far.
        finished_at: When the task ended.
    """

    started_at: str
    branches: Branches = Branches.DEFAULT
    cursor: Cursor | None = Cursor()
    counts: Counts = Counts()
    finished_at: str | None = None

    @property
    def is_finished(self) -> bool:
        """Whether all pages were read."""
        return self.cursor is None

    def moved(self, cursor: Cursor | None, counts: Counts, *, now: str) -> "Progress":
        """Return the progress after another page, or after the last one if `cursor` is None."""
        finished_at = now if cursor is None else None
        return replace(self, cursor=cursor, counts=counts, finished_at=finished_at)


def to_json(progress: Progress) -> str:
    """Return a progress as JSON text."""
    return json.dumps(asdict(progress), separators=(",", ":"))


def from_json(text: str) -> Progress:
    """Return the progress that `to_json` wrote."""
    read = json.loads(text)
    cursor, counts = read.pop("cursor"), read.pop("counts")
    named = tuple((name, reason) for name, reason in counts.pop("named"))
    return Progress(
        branches=Branches(read.pop("branches")),
        cursor=None if cursor is None else Cursor(**cursor),
        counts=Counts(named=named, **counts),
        **read,
    )


def _sum(before: Mapping[str, int], more: Mapping[str, int]) -> Mapping[str, int]:
    return {name: before.get(name, 0) + more.get(name, 0) for name in {*before, *more}}


def _sum_of(before: Mapping[str, int], more: tuple[tuple[str, str], ...]) -> Mapping[str, int]:
    for _, reason in more:
        before = _sum(before, {reason: 1})
    return before
