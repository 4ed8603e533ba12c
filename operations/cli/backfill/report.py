"""The report of a backfill, as text or JSON: what was read, published and skipped."""

from collections.abc import Mapping
from typing import Any

from github_rest.errors import Skipped
from operations.backfill.run import Backfill
from operations.backfill.would_change import WouldChange
from operations.cli.output import Output, counted
from reconcile.progress import Counts

_REASONS: Mapping[str, str] = {
    Skipped.ADVANCED_SECURITY_DISABLED: "Advanced Security is disabled",
    Skipped.CODE_SCANNING_DISABLED: "code scanning is disabled",
    Skipped.NO_ANALYSIS: "no analysis exists yet",
    Skipped.REPOSITORY_GONE: "it does not exist any more, or the credentials cannot see it",
    Skipped.UNAVAILABLE_FOR_LEGAL_REASONS: "it is unavailable for legal reasons",
}
_KINDS: Mapping[str, str] = {
    "missing": "missing",
    "stale": "stale",
    "closedAtAnotherTime": "closed at another time",
    "details": "other details",
    "returned": "returned",
}


def show(
    output: Output, run: Backfill, *, resumed_at: int | None, would_change: WouldChange | None
) -> None:
    """Print the report of a backfill that has ended. A dry run has `would_change`."""
    output.document(_document(run, resumed_at=resumed_at, would_change=would_change))
    counts = run.progress.counts
    alerts = counted(counts.alerts, "alert", "alerts")
    output.line(f"Read: {alerts}, with {counted(counts.requests, 'request', 'requests')}.")
    kinds = ", ".join(f"{number:,} {_KINDS[kind]}" for kind, number in counts.drift.items())
    title = "Published" if would_change is None else "Would be published"
    alerts = counted(counts.differences, "alert", "alerts")
    output.line(f"{title}: {alerts}{kinds and f' ({kinds})'}.")
    if would_change is not None and counts.differences:
        _show_repositories(output, counts, would_change)
    _show_named(output, counts, "Skipped repositories", counts.skipped)
    _show_named(output, counts, "Unreadable alerts", counts.unreadable)
    if would_change is None and counts.differences:
        output.note(
            "The stack counts the published alerts within the next minutes. Check it with:"
            " gcsmttr status"
        )


def _show_repositories(output: Output, counts: Counts, would_change: WouldChange) -> None:
    rows = [
        (name, *(f"{kinds.get(kind, 0):,}" for kind in counts.drift))
        for name, kinds in would_change.by_repository().items()
    ]
    output.table("Repository", *(_KINDS[kind].capitalize() for kind in counts.drift), rows=rows)


def _show_named(output: Output, counts: Counts, title: str, reasons: Mapping[str, int]) -> None:
    """Print how many there are of something, and the names that are kept."""
    total = sum(reasons.values())
    if not total:
        return
    output.line(f"{title}: {total:,}")
    named = _named(counts, reasons)
    for name, reason in named:
        output.line(f"  {name}: {_REASONS.get(reason, reason)}")
    if len(named) < total:
        output.line(f"  and {total - len(named):,} more")


def _named(counts: Counts, reasons: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(name, reason) for name, reason in counts.named if reason in reasons]


def _document(
    run: Backfill, *, resumed_at: int | None, would_change: WouldChange | None
) -> dict[str, Any]:
    progress, counts = run.progress, run.progress.counts
    document: dict[str, Any] = {
        "connection": run.connection,
        "branches": progress.branches,
        "dryRun": would_change is not None,
        "startedAt": progress.started_at,
        "finishedAt": progress.finished_at,
        "resumedAtPage": resumed_at,
        "pages": counts.pages,
        "requests": counts.requests,
        "alerts": counts.alerts,
        "differences": dict(counts.drift),
        "skipped": _listed(counts, counts.skipped, "repository"),
        "unreadable": _listed(counts, counts.unreadable, "alert"),
    }
    if would_change is not None:
        document["repositories"] = would_change.by_repository()
    return document


def _listed(counts: Counts, reasons: Mapping[str, int], kind: str) -> dict[str, Any]:
    named = [{kind: name, "reason": reason} for name, reason in _named(counts, reasons)]
    return {"count": sum(reasons.values()), "reasons": dict(reasons), "first": named}
