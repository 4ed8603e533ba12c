"""The known names that are closest to an unknown one. Pure.

A search among 5,000 names takes up to 80 ms, so the caller limits the number of searches.
"""

import difflib
from collections.abc import Iterable

MOST = 3
"""The maximum number of suggestions for a name."""
_LEAST_RATIO = 0.6
"""The least similarity in `difflib`. One changed letter of five gives 0.8."""


def closest(unknown: str, known: Iterable[str], *, most: int = MOST) -> list[str]:
    """Return the known names that are similar to an unknown one, closest first, ignoring case."""
    by_folded_name = {name.casefold(): name for name in sorted(known)}
    found = difflib.get_close_matches(unknown.casefold(), by_folded_name, most, _LEAST_RATIO)
    return [by_folded_name[folded_name] for folded_name in found]


def closest_repositories(unknown: str, known: Iterable[str]) -> list[str]:
    """Return the closest repositories of one owner. Only the part after the owner is compared."""
    by_name = {name.partition("/")[2]: name for name in known}
    return [by_name[name] for name in closest(unknown.partition("/")[2], by_name)]
