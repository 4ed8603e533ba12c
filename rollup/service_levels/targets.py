"""The targets of service levels: within how many days alerts of each severity must be closed.

Owns the form of the targets as text, their defaults, and when an alert is due. The numbers of days
are those at which the histogram has an edge, so counts by target are exact. Pure.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ingest.terms import Severity
from rollup.metrics.histogram import EXACT_DAYS

DAY_MS = 86_400_000
"""A day of a target: 24 hours, in milliseconds."""

Targets = Mapping[Severity, int]
"""The target of each severity in days, most severe first. A severity without one is absent."""

DEFAULT_TARGETS: Targets = MappingProxyType(
    {Severity.CRITICAL: 7, Severity.HIGH: 30, Severity.MEDIUM: 90, Severity.LOW: 180}
)


def parse_targets(text: str) -> Targets:
    """Return the targets of a text such as `CRITICAL=7,HIGH=30`.

    Raises:
        ValueError: The text has another form, repeats a severity, or contains a number of days that
            is not one of EXACT_DAYS.
    """
    found: dict[Severity, int] = {}
    for part in text.split(","):
        name, _, days = part.partition("=")
        severity = Severity(name)
        if severity in found or not days.isdecimal() or int(days) not in EXACT_DAYS:
            raise ValueError(part)
        found[severity] = int(days)
    return MappingProxyType({one: found[one] for one in Severity if one in found})


def targets_text(targets: Targets) -> str:
    """Return the text from which `parse_targets` reads these targets."""
    return ",".join(f"{severity}={days}" for severity, days in targets.items())


def due_ms(targets: Targets, severity: Severity, created_ms: int) -> int | None:
    """Return when an alert is due: its target times 24 hours after its creation.

    Returns:
        A time in milliseconds; None for a severity without a target.
    """
    days = targets.get(severity)
    return None if days is None else created_ms + days * DAY_MS
