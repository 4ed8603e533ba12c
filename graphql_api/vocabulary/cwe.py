"""CWEs: the numbers of weaknesses (Common Weakness Enumeration), in the form `CWE-79`.

Owns how the tags of a rule name them. CodeQL has tags such as `external/cwe/cwe-079`, other tools
`CWE-79: Cross-site Scripting`. Pure.
"""

import re
from collections.abc import Iterable

from graphql_api.vocabulary.errors import BadCweError, quoted

_IN_TAG = re.compile(r"(?<![a-z0-9])cwe[-_]0*([1-9][0-9]{0,5})(?![0-9])", re.ASCII | re.IGNORECASE)
_ARGUMENT = re.compile(r"(?:cwe-)?0*([1-9][0-9]{0,5})", re.ASCII | re.IGNORECASE)
_LONGEST_ARGUMENT = 20


def cwes_of(tags: Iterable[str]) -> list[str]:
    """Return the distinct CWEs in the tags of a rule, by number."""
    numbers = {int(number) for tag in tags for number in _IN_TAG.findall(tag)}
    return [f"CWE-{number}" for number in sorted(numbers)]


def checked_cwe(text: str, argument: str) -> str:
    """Return a CWE in an argument in the form `CWE-79`.

    Raises:
        BadCweError: The text is not a CWE.
    """
    found = _ARGUMENT.fullmatch(text) if len(text) <= _LONGEST_ARGUMENT else None
    if found is None:
        raise BadCweError(
            f"{argument} has the value {quoted(text)}, but must be a CWE, such as CWE-79 or 79."
        )
    return f"CWE-{found[1]}"
