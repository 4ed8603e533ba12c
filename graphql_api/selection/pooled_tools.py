"""The name under which a tool is counted in a response.

Owns the rule that the row for all time decides the name. A tool that this row pools under "(other)"
is counted there in days and months too, even if their rows name the tool. So all numbers of a group
are about the same alerts.
"""

from collections.abc import Mapping
from functools import cached_property

from graphql_api.reading.overviews import Read
from rollup.metrics.period import ALL
from rollup.metrics.tool_limit import OTHER
from rollup.rows.counts_codec import tools_of
from rollup.rows.packed_sums import ToolOf


class PooledTools:
    """The pooled tools of the rows that `read` returns."""

    def __init__(self, read: Read) -> None:
        self._read = read

    @property
    def tool_of(self) -> ToolOf | None:
        """Return the function from a tool to its counted name. None if no row pools tools."""
        named = self._named
        if not named:
            return None

        def tool_of(name: str, tool: str) -> str:
            return tool if name not in named or tool in named[name] else OTHER

        return tool_of

    @cached_property
    def _named(self) -> Mapping[str, frozenset[str]]:
        """The named tools of each row for all time that pools other tools."""
        found: dict[str, frozenset[str]] = {}
        for rows in self._read([ALL]):
            for name, _, packed in rows:
                found[name] = found.get(name, frozenset()).union(tools_of(packed))
        return {name: tools for name, tools in found.items() if OTHER in tools}
