"""The limit on tools: a row names at most MAX_TOOLS tools and pools the others.

Anyone who uploads SARIF chooses the name of a tool, so the number of names is not limited
otherwise. Tools have a fixed order. A row that received more than MAX_TOOLS keeps the first ones,
and stores the last of these as its limit. A tool beyond the limit counts under OTHER, both when it
is added and when it is retracted. A limit only moves towards the first tool. So the sums of a row
stay exact in any order, and histories without retractions end with the same names in any order.
Pure.
"""

from typing import NamedTuple

from rollup.metrics.counts import Cell, CellKey, Counts

MAX_TOOLS = 50
"""The most tools that a row names, not including OTHER and the cells without a tool.

A row in which every tool has all cells and bins takes 1.4 MB (see `parts`), with up to 15 alerts
in each of these two million bins. So it fits into one transaction with a ledger entry of the same
size.
"""

OTHER = "(other)"
"""The name that pools the tools beyond a row's limit."""

_NEVER_POOLED = frozenset({"", OTHER})
_WELL_KNOWN = (
    *("CodeQL", "ESLint", "Trivy", "Semgrep OSS", "Semgrep PRO", "SonarQube", "Scorecard"),
    *("zizmor", "Bandit", "checkov", "Grype", "gosec", "osv-scanner", "Brakeman", "tfsec"),
    *("SnykCode", "Snyk Open Source", "Snyk Container", "Snyk IaC", "KICS", "PSScriptAnalyzer"),
)
"""CodeQL, then the tools for which GitHub offers workflows; invented names never displace these."""

_RANKS = {tool: rank for rank, tool in enumerate(_WELL_KNOWN)}


class Bounded(NamedTuple):
    """Counts with at most MAX_TOOLS named tools. `limit` is the last of them, or None."""

    counts: Counts
    limit: str | None


def bounded(counts: Counts, limit: str | None) -> Bounded:
    """Pool the tools beyond the limit, or beyond a stricter limit if too many tools remain."""
    tools = {key.tool for key, _ in counts} - _NEVER_POOLED
    beyond = set[str]()
    if limit is not None:
        last = _order(limit)
        beyond = {tool for tool in tools if _order(tool) > last}
    if len(tools) - len(beyond) > MAX_TOOLS:
        *_, limit = sorted(tools - beyond, key=_order)[:MAX_TOOLS]
        beyond = {tool for tool in tools if _order(tool) > _order(limit)}
    return Bounded(_pooled(counts, beyond) if beyond else counts, limit)


def _order(tool: str) -> tuple[int, str]:
    return _RANKS.get(tool, len(_RANKS)), tool


def _pooled(counts: Counts, beyond: set[str]) -> Counts:
    named: dict[CellKey, Cell] = {}
    others: list[Counts] = []
    for key, cell in counts:
        if key.tool in beyond:
            others.append(Counts({key._replace(tool=OTHER): cell}))
        else:
            named[key] = cell
    return Counts.total((Counts(named), *others))
