"""A report in Markdown, as GitHub, GitLab and chats show it. Pure."""

from collections.abc import Sequence

from operations.report import texts
from operations.report.figures import Figures

_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_{}[]<>|#"})


def markdown(title: str, figures: Figures) -> str:
    """Return the report."""
    parts = [
        f"# Code scanning: {_plain(title)}",
        f"{texts.period(figures)}, in UTC",
        "\n".join(
            f"- **{name}**: {value}{f' ({change})' if change else ''}"
            for name, value, change in texts.headlines(figures)
        ),
        "## By severity",
        _table(
            texts.SEVERITY_HEADS,
            [texts.severity_cells(row) for row in (*figures.severities, figures.total)],
        ),
    ]
    if figures.repositories:
        rows = [texts.repository_cells(one) for one in figures.repositories]
        parts += ["## Repositories with the most overdue alerts"]
        parts += [_table(texts.REPOSITORY_HEADS, [[_plain(row[0]), *row[1:]] for row in rows])]
    if figures.overdue_alerts:
        parts += ["## Overdue alerts, the oldest first"]
        parts += [
            _table(
                texts.ALERT_HEADS,
                [
                    [
                        f"[{_plain(one.id)}]({one.url})",
                        one.severity.capitalize(),
                        _plain(one.rule),
                        one.created_at,
                        one.due_at,
                    ]
                    for one in figures.overdue_alerts
                ],
                texts_only=True,
            )
        ]
    parts += [f"> {_plain(warning)}" for warning in figures.warnings]
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, texts_only: bool = False) -> str:
    """Return a table. The first column has texts, the others numbers unless `texts_only`."""
    marks = [":--", *([":--" if texts_only else "--:"] * (len(heads) - 1))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, marks, *rows))


def _plain(text: str) -> str:
    """Return a text without the meaning of Markdown's characters, on one line."""
    return " ".join(text.split()).translate(_SPECIAL)
