"""What GitHub reported about a repository as one JSON text, as its row contains it.

Owns the form of the text: by name, the time of the report and the value, which is JSON text, too.
Imports no other format, so that a query loads only this one. Pure.
"""

import json
from collections.abc import Mapping
from typing import Any

from ingest.instant import from_text, to_text

Reported = tuple[int, str]
"""When a value was seen first, in milliseconds, and the value as JSON text."""


def pack_facts(facts: Mapping[str, Reported]) -> str:
    """Return the reported values as JSON text."""
    packed = {name: [to_text(at_ms), value] for name, (at_ms, value) in sorted(facts.items())}
    return json.dumps(packed, separators=(",", ":"), ensure_ascii=False)


def unpack_facts(text: str) -> dict[str, Reported]:
    """Return what `pack_facts` packed."""
    return {name: (from_text(at), value) for name, (at, value) in json.loads(text).items()}


def values_in(text: str) -> dict[str, Any]:
    """Return the values in a packed text, as `RepositoryFacts.values` returns them."""
    return {name: json.loads(value) for name, (_, value) in json.loads(text).items()}
