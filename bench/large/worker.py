"""One query in a process of its own: its CPU time and its peak memory.

The argument is the port of DynamoDB, and the standard input is the request. A first request loads
the modules and reads the API key, so that the figures do not include them.
"""

import json
import os
import resource
import sys
from pathlib import Path

from bench.query_function import CONTEXT, ENVIRONMENT, KEY, gateway_event, redirect_log


def main(port: str) -> None:
    """Make one request, and print its CPU seconds, its peak memory and its response."""
    output = redirect_log()
    os.environ.update(ENVIRONMENT, AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}")
    from graphql_api import query_handler

    headers = {"x-api-key": KEY}
    query_handler.handler(gateway_event('{"query": "{ __typename }"}', headers), CONTEXT)
    event = gateway_event(sys.stdin.read(), headers)
    before = _cpu_seconds()
    body = query_handler.handler(event, CONTEXT)["body"]
    seconds = _cpu_seconds() - before
    found = {"seconds": seconds, "peak_mb": _peak_mb(), "response": json.loads(body)}
    print(json.dumps(found), file=output)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_mb() -> float:
    """Return the peak of resident memory; that of getrusage includes the parent process."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1_024


if __name__ == "__main__":
    main(sys.argv[1])
