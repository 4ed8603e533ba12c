"""The conditions of the input `fail-when`: parsed, and checked against the figures. Pure.

A condition is a measure, a comparison and a number, such as `compliance < 0.9`, `compliance < 90%`,
`median > 14`, or `overdue of CRITICAL > 0`. Times are in days.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .errors import ActionError
from .figures import MEASURES, Figures
from .severities import SEVERITIES

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FORM = re.compile(
    r"(?P<measure>[a-z0-9-]+)(?: +of +(?P<severity>[A-Za-z]+))? *(?P<comparison>[<>]=?)"
    r" *(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?P<percent>%?)"
)


@dataclass(frozen=True)
class Condition:
    """One condition. `text` is as the user wrote it; `severity` is None for all alerts."""

    text: str
    measure: str
    severity: str | None
    comparison: str
    number: float

    def value(self, figures: Figures) -> float | None:
        """Return the value that the condition compares; None if there is not any."""
        row = figures.rows.get(self.severity, {}) if self.severity else figures.total
        return row.get(self.measure)

    def is_met(self, figures: Figures) -> bool:
        """Return whether the condition is met. A missing value meets none."""
        value = self.value(figures)
        return value is not None and _COMPARISONS[self.comparison](value, self.number)


def parse_conditions(text: str) -> tuple[Condition, ...]:
    """Return the conditions of a text with one on each line. Empty lines are left out.

    Raises:
        ActionError: A line is not a condition.
    """
    return tuple(_condition(line.strip()) for line in text.splitlines() if line.strip())


def _condition(text: str) -> Condition:
    match = _FORM.fullmatch(text)
    if match is None:
        raise ActionError(
            f"fail-when: {text!r} is not a condition such as compliance < 0.9 or"
            " overdue of CRITICAL > 0"
        )
    measure, severity = match["measure"], (match["severity"] or "").upper() or None
    if measure not in MEASURES:
        raise ActionError(f"fail-when: {measure!r} is not one of {', '.join(MEASURES)}")
    if severity and severity not in SEVERITIES:
        raise ActionError(f"fail-when: {severity!r} is not one of {', '.join(SEVERITIES)}")
    number = float(match["number"]) / (100 if match["percent"] else 1)
    if measure == "compliance" and not 0 <= number <= 1:
        raise ActionError(f"fail-when: {text!r}: compliance is 0 to 1, or 0% to 100%")
    if match["percent"] and measure != "compliance":
        raise ActionError(f"fail-when: {text!r}: only compliance is compared with a percentage")
    return Condition(text, measure, severity, match["comparison"], number)
