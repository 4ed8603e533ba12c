"""The counts of the public implementation's design, for the comparison in money. Pure.

They follow from its public template (template.yml), its state machine and its functions: every
write of a table is also a write to each of the table's indexes. Where it leaves a choice, the
cheaper one is taken, see the page.
"""

from bench.cost import prices
from bench.rollup.requests import PUBLIC_REQUESTS

MEMORY_MB = 128
"""The memory of a function whose template sets none."""
INGEST_FUNCTIONS = 2
"""The check of the signature, and the conversion in the state machine."""
LEVEL_FUNCTIONS = 2
"""From the stream to the queue, and from the queue to the table."""
FIFO_REQUESTS = 3
"""To send, receive and delete a message; nothing is batched."""
ALL_EVENTS_INDEXES = 7
OVERVIEW_INDEXES = 3
APPSYNC_QUERY = 4.00e-6
"""https://aws.amazon.com/appsync/pricing/"""
PAGE_RCU = 2.5
"""The read units of a scan of 50 alerts of 400 bytes."""


def all_events() -> float:
    """Return the cost of storing one alert: one write of the table and of its indexes."""
    return (1 + ALL_EVENTS_INDEXES) * prices.WRITE_UNIT


def overview() -> float:
    """Return the cost of the requests for one alert at one level: a read and a write."""
    writes = PUBLIC_REQUESTS / 2
    reads = PUBLIC_REQUESTS - writes
    return reads * prices.READ_UNIT / 2 + writes * (1 + OVERVIEW_INDEXES) * prices.WRITE_UNIT
