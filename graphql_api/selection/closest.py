"""The known names that are closest to an unknown one. Pure.

Takes up to 80 ms for 5,000 known names, so its caller bounds how often it is asked.
"""

import difflib
from collections.abc import Iterable

MOST = 3
_LEAST_RATIO = 0.6
"""Of `difflib`: one changed letter among five is 0.8."""


def closest(unknown: str, known: Iterable[str], *, most: int = MOST) -> list[str]:
    """Return the known names that resemble an unknown one, closest first, whatever their case."""
    by_form = {name.casefold(): name for name in sorted(known)}
    found = difflib.get_close_matches(unknown.casefold(), by_form, most, _LEAST_RATIO)
    return [by_form[form] for form in found]


def closest_repositories(unknown: str, known: Iterable[str]) -> list[str]:
    """Return the closest of one owner's repositories, by the part after the owner alone."""
    by_name = {name.partition("/")[2]: name for name in known}
    return [by_name[name] for name in closest(unknown.partition("/")[2], by_name)]
