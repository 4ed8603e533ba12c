"""A table of results: read by people as text, by programs as JSON. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Value = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows with the same columns. `note` says in a sentence what the numbers mean."""

    title: str
    note: str
    rows: Sequence[Mapping[str, Value]]

    def __str__(self) -> str:
        """The title, the note and the aligned rows; words to the left, numbers to the right."""
        columns = list(self.rows[0])
        cells = [columns, *([_text(row[column]) for column in columns] for row in self.rows)]
        widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
        is_word = [isinstance(self.rows[0][column], str) for column in columns]
        lines = [
            "  ".join(
                cell.ljust(width) if word else cell.rjust(width)
                for cell, width, word in zip(line, widths, is_word, strict=True)
            ).rstrip()
            for line in cells
        ]
        rule = "  ".join("-" * width for width in widths)
        return "\n".join([self.title, self.note, "", lines[0], rule, *lines[1:]])

    def as_json(self) -> dict[str, object]:
        """The same, with numbers as they are."""
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
