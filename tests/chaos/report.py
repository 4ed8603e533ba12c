"""The results of a run as a table of Markdown, and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.trial import Result

_HEADINGS = ("fault", "deliveries", "sent again", "injected", "ended", "rows", "seconds")


def cells(result: Result) -> tuple[str, ...]:
    """Return the cells of a result."""
    rows = "exact" if result.is_exact else f"{len(result.differences)} differences"
    return (
        result.fault,
        f"{result.deliveries:,}",
        f"{result.redelivered:,}",
        f"{result.injected:,}",
        ", ".join(result.ended),
        rows,
        f"{result.seconds:.0f}",
    )


def line(result: Result) -> str:
    """Return one line about a result, and what is different."""
    shown = " | ".join(cells(result))
    return "\n".join([shown, *(f"    {one}" for one in result.differences[:10])])


def table(results: Sequence[Result]) -> str:
    """Return the results as a table."""
    lines = [_HEADINGS, ["---"] * len(_HEADINGS), *map(cells, results)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(results: Sequence[Result], file: Path, *, seed: int) -> None:
    """Write the results as JSON."""
    document = {
        "finishedAt": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
        "results": [asdict(result) for result in results],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2) + "\n")
