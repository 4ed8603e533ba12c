"""A report as one HTML page without scripts, other files or other origins. Pure."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from operations.report import charts, texts
from operations.report.figures import Figures

_STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def page(title: str, figures: Figures) -> str:
    """Return the page."""
    heading = f"Code scanning: {title}"
    drawn = (
        ("Alerts opened and closed, by week", charts.opened_and_closed(figures)),
        ("Time to remediate in days, by week of closing", charts.times(figures)),
    )
    body = [
        f"<h1>{escape(heading)}</h1>",
        f"<p>{texts.period(figures)}, in UTC. Changes compare with the days before.</p>",
        _headlines(figures),
        *(f"<h2>{name}</h2>\n<figure>{svg}</figure>" for name, svg in drawn if svg),
        "<h2>By severity</h2>",
        _table(
            texts.SEVERITY_HEADS,
            [_escaped(texts.severity_cells(row)) for row in (*figures.severities, figures.total)],
            kind="numbers",
        ),
    ]
    if figures.repositories:
        body.append("<h2>Repositories with the most overdue alerts</h2>")
        rows = [_escaped(texts.repository_cells(one)) for one in figures.repositories]
        body.append(_table(texts.REPOSITORY_HEADS, rows, kind="numbers"))
    if figures.overdue_alerts:
        body.append("<h2>Overdue alerts, the oldest first</h2>")
        body.append(_table(texts.ALERT_HEADS, _alerts(figures), kind="texts"))
    body += [f'<p class="warning">{escape(warning)}</p>' for warning in figures.warnings]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            f'<head><meta charset="utf-8"><title>{escape(heading)}</title>',
            '<meta name="viewport" content="width=device-width">',
            f"<style>\n{_STYLE}</style></head>",
            "<body>",
            *body,
            "</body></html>\n",
        ]
    )


def _headlines(figures: Figures) -> str:
    cards = (
        f"<div><dt>{name}</dt><dd>{value}</dd><dd>{change or '&nbsp;'}</dd></div>"
        for name, value, change in texts.headlines(figures)
    )
    return f"<dl>{''.join(cards)}</dl>"


def _alerts(figures: Figures) -> list[list[str]]:
    return [
        [
            f'<a href="{escape(one.url)}">{escape(one.id)}</a>',
            *_escaped([one.severity.capitalize(), one.rule, one.created_at, one.due_at]),
        ]
        for one in figures.overdue_alerts
    ]


def _escaped(cells: Sequence[str]) -> list[str]:
    return [escape(cell) for cell in cells]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, kind: str) -> str:
    """Return a table of cells that are HTML already."""
    header = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    lines = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="{kind}">\n<tr>{header}</tr>\n{lines}\n</table>'
