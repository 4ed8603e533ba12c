"""A run of a reconciliation: what it found so far, and where it continues.

Owns their JSON in the Connections table: `run` is the present run, `lastRun` the last one that
ended, and `watermark` the time up to which changes are known. Pure.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from ingest import instant
from ingest.rest.drift import Drift
from reconcile.progress import Counts

GONE = "gone"
"""The kind of drift of an alert that GitHub does not have any more."""
KINDS = (*(drift.value for drift in Drift), GONE)
UNCOUNTED = frozenset({Drift.DETAILS.value})
"""The kinds of drift that change no count and no duration."""


class Task(StrEnum):
    """The reconciliations."""

    HOURLY = "hourly"
    """Of what changed since the run before."""
    WEEKLY = "weekly"
    """Of everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that is under way.

    Attributes:
        started_at: When it was started.
        is_first: Whether no run of this task has ended before. Everything that it finds was there
            before the connection, so it is not drift.
        counts: What it found so far.
        position: Where it continues. Its content belongs to the task.
        watermark: The newest change that was known before it, None if it reads everything.
    """

    started_at: datetime
    is_first: bool
    counts: Counts = field(default_factory=Counts)
    position: Mapping[str, Any] = field(default_factory=dict)
    watermark: datetime | None = None

    def moved(self, counts: Counts, position: Mapping[str, Any]) -> "Run":
        """Return the run after another page."""
        return replace(self, counts=counts, position=position)

    def ended(self, now: datetime) -> dict[str, Any]:
        """Return the `lastRun` that this run becomes."""
        return {
            "startedAt": text_of(self.started_at),
            "finishedAt": text_of(now),
            "isFirst": self.is_first,
            **_json_of(self.counts),
        }


def with_gone(counts: Counts, number: int = 1) -> Counts:
    """Return the counts with alerts added that GitHub does not have any more."""
    return replace(counts, drift={**counts.drift, GONE: counts.drift.get(GONE, 0) + number})


def to_json(run: Run) -> dict[str, Any]:
    """Return a run as JSON."""
    return {
        "startedAt": text_of(run.started_at),
        "isFirst": run.is_first,
        "counts": _json_of(run.counts),
        "position": dict(run.position),
        "watermark": None if run.watermark is None else text_of(run.watermark),
    }


def from_json(stored: Mapping[str, Any]) -> Run:
    """Return the run that `to_json` wrote."""
    counts = dict(stored["counts"])
    named = tuple((name, reason) for name, reason in counts.pop("named"))
    watermark = stored["watermark"]
    return Run(
        started_at=instant.parse(stored["startedAt"]),
        is_first=stored["isFirst"],
        counts=Counts(named=named, **counts),
        position=stored["position"],
        watermark=None if watermark is None else instant.parse(watermark),
    )


def text_of(at: datetime) -> str:
    """Return a time as it is stored."""
    return instant.to_text(instant.to_ms(at))


def _json_of(counts: Counts) -> dict[str, Any]:
    return asdict(counts)
