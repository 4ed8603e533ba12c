"""Under which name a tool counts in the answer to a question.

Owns the rule that the row of all time decides it: a tool that it pools in "(other)" counts there in
days and months too, which can name it. So the numbers of a group fit together: what is open now and
what was opened and closed since.
"""

from collections.abc import Mapping
from functools import cached_property

from graphql_api.reading.overviews import Read
from rollup.metrics.period import ALL
from rollup.metrics.tool_limit import OTHER
from rollup.rows.counts_codec import tools_of
from rollup.rows.packed_sums import ToolOf


class PooledTools:
    """The pooled tools of the rows that `read` reads."""

    def __init__(self, read: Read) -> None:
        self._read = read

    @property
    def tool_of(self) -> ToolOf | None:
        """Return what says under which name a tool counts; None where no row pools any."""
        named = self._named
        if not named:
            return None

        def tool_of(name: str, tool: str) -> str:
            return tool if name not in named or tool in named[name] else OTHER

        return tool_of

    @cached_property
    def _named(self) -> Mapping[str, frozenset[str]]:
        """The tools that each row of all time names, of those that pool others."""
        found: dict[str, frozenset[str]] = {}
        for rows in self._read([ALL]):
            for name, _, packed in rows:
                found[name] = found.get(name, frozenset()).union(tools_of(packed))
        return {name: tools for name, tools in found.items() if OTHER in tools}
