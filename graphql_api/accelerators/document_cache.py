"""A cache of documents that were parsed and validated, since clients repeat theirs.

Owns how many are kept, and which are too long for it.
"""

from functools import lru_cache

from graphql_api.execution.engine import Prepare

DOCUMENTS_KEPT = 128
LONGEST_KEPT = 8_192


def keeping(prepare: Prepare) -> Prepare:
    """Return the same function with a memory; the least recently used document is dropped."""
    kept = lru_cache(DOCUMENTS_KEPT)(prepare)
    return lambda source: kept(source) if len(source) <= LONGEST_KEPT else prepare(source)
