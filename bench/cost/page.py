"""The generated block of docs/cost-and-performance.md: its marks and its tables. Pure."""

from collections.abc import Sequence

from bench.cost.rows import (
    Measured,
    Row,
    further,
    idle_month,
    per_million_alerts,
    per_million_queries,
)

_BEGIN = "<!-- begin: python -m bench.cost -->\n"
_END = "<!-- end: python -m bench.cost -->\n"


def tables(measured: Measured) -> list[str]:
    """Return all tables in Markdown."""
    queries, costs = per_million_queries(measured)
    alerts = ("one by one", "a thousand of one repository at once", "public design")
    return [
        table("a million alerts", alerts, per_million_alerts(measured)),
        table("a million queries", queries, costs),
        table("an idle month", ("",), idle_month(measured.template)),
        table("in addition", ("",), further(measured)),
    ]


def table(title: str, columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Return one table in Markdown."""
    lines = (
        _line(title, columns),
        _line("---", ["---"] * len(columns)),
        *(_line(name, [f"{cost:.2f} $" for cost in costs]) for name, costs in rows),
    )
    return "\n".join(lines)


def block(new_tables: Sequence[str]) -> str:
    """Return the tables between their marks."""
    return "\n".join((_BEGIN, "\n\n".join(new_tables), "", _END))


def with_block(page: str, new: str) -> str:
    """Return a page with a new block in place of the old one."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return before + new + after


def _line(first: str, others: Sequence[str]) -> str:
    return f"| {first} | {' | '.join(others)} |".replace("|  |", "| |")
