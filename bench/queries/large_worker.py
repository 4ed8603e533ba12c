"""One query in a process of its own: its CPU time and its peak memory, and nobody else's.

Told by its arguments where DynamoDB is, and by its standard input what to ask. A request that reads
nothing is made first, so that imports and the look-up of the key are not counted.
"""

import json
import os
import resource
import sys
from pathlib import Path

from bench.queries.side import CONTEXT, gateway_event


def main(port: str) -> None:
    """Ask once, and print what it took and what was answered."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from bench.queries.data import ENVIRONMENT, KEY

    os.environ.update(ENVIRONMENT, AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}")
    from graphql_api import query_handler

    headers = {"x-api-key": KEY}
    query_handler.handler(gateway_event('{"query": "{ __typename }"}', headers), CONTEXT)
    event = gateway_event(sys.stdin.read(), headers)
    before = _cpu_seconds()
    answer = query_handler.handler(event, CONTEXT)["body"]
    took = _cpu_seconds() - before
    print(json.dumps({"cpu": took, "mb": _peak_mb(), "answer": json.loads(answer)}), file=replies)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_mb() -> float:
    """Return the peak of resident memory; getrusage's includes what started this process."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1_024


if __name__ == "__main__":
    main(sys.argv[1])
