"""What a dry run finds: the alerts that would change, by repository and kind of difference.

Owns the counts. Memory grows with the number of repositories, not of alerts. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from ingest.rest.drift import Drift
from reconcile.comparison import Difference


class WouldChange:
    """The counts of a dry run."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[Drift]] = {}

    def add(self, found: Iterable[Difference]) -> None:
        """Count differences."""
        for one in found:
            self._counts.setdefault(one.event.repository, Counter())[one.drift] += 1

    def by_repository(self) -> Mapping[str, Mapping[str, int]]:
        """Return the number of differences of each kind, by repository in the order of names."""
        return {
            name: {
                kind.value: self._counts[name][kind] for kind in Drift if self._counts[name][kind]
            }
            for name in sorted(self._counts, key=str.lower)
        }
