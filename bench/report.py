"""A table of results, as text for people and as JSON for programs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Value = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows with the same columns; `note` states the unit and the baseline of the numbers.

    `docs/cost-and-performance.md` names the title of each table, and so does a test.
    """

    title: str
    note: str
    rows: Sequence[Mapping[str, Value]]

    def __str__(self) -> str:
        """Return title, note and aligned rows: text to the left, numbers to the right."""
        columns = list(self.rows[0])
        cells = [columns, *([_text(row[column]) for column in columns] for row in self.rows)]
        widths = [max(len(line[index]) for line in cells) for index in range(len(columns))]
        is_text = [isinstance(self.rows[0][column], str) for column in columns]
        lines = [
            "  ".join(
                cell.ljust(width) if left else cell.rjust(width)
                for cell, width, left in zip(line, widths, is_text, strict=True)
            ).rstrip()
            for line in cells
        ]
        rule = "  ".join("-" * width for width in widths)
        return "\n".join([self.title, self.note, "", lines[0], rule, *lines[1:]])

    def as_json(self) -> dict[str, object]:
        """Return the same table with unrounded numbers."""
        return {"title": self.title, "note": self.note, "rows": [dict(row) for row in self.rows]}


def _text(value: Value) -> str:
    match value:
        case str():
            return value
        case int():
            return f"{value:,}"
        case float() if value >= 100:
            return f"{value:,.0f}"
        case float():
            return f"{value:#.3g}"
