"""The months of `monthlyPeriod`: `2026-11`, or `2026-November` as in the public GCSMTTR schema.

Owns their spelling in arguments and responses, but not the keys of tables.
"""

import re

from graphql_api.vocabulary.errors import BadMonthError, quoted

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_NUMBER_OF_NAME = {name.lower(): f"{number:02}" for number, name in enumerate(MONTH_NAMES, 1)}
_NUMERIC = re.compile(r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])")
_NAMED = re.compile(r"((?!0000)[0-9]{4})-([A-Za-z]{3,9})")


def canonical_month(text: str) -> str:
    """Return `text` as `2026-11`.

    Raises:
        BadMonthError: The text does not have the form `2026-11` or `2026-November`.
    """
    if _NUMERIC.fullmatch(text):
        return text
    named = _NAMED.fullmatch(text)
    number = _NUMBER_OF_NAME.get(named[2].lower()) if named else None
    if named is None or number is None:
        raise BadMonthError(
            f"monthlyPeriod is {quoted(text)}, but must be a month such as 2026-11 or "
            "2026-November."
        )
    return f"{named[1]}-{number}"


def month_name(number: str) -> str:
    """Return the English name of a month, given as `01` to `12`."""
    return MONTH_NAMES[int(number) - 1]
