"""A cache of parsed and validated documents, since clients repeat their documents.

Owns the number of cached documents and the greatest length of one.
"""

from functools import lru_cache

from graphql_api.execution.engine import Prepare

DOCUMENTS_KEPT = 128
LONGEST_KEPT = 8_192


def cached(prepare: Prepare) -> Prepare:
    """Return the same function with a cache, which drops the least recently used document."""
    from_cache = lru_cache(DOCUMENTS_KEPT)(prepare)
    return lambda source: from_cache(source) if len(source) <= LONGEST_KEPT else prepare(source)
