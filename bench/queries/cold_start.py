"""One cold start: prints the CPU seconds from a fresh process to the first response.

The arguments are the stack and a start file, which contains DynamoDB's responses. So this module
imports only what the stack itself needs.
"""

import base64
import json
import sys
import time
from pathlib import Path

from bench.queries.documents import DOCUMENTS, ONE_ALERT
from bench.query_function import redirect_log


def main(stack: str, start_file: str) -> None:
    """Respond once and print the CPU seconds with the response."""
    output = redirect_log()
    bodies = json.loads(Path(start_file).read_text())["bodies"]

    def body_of(operation: str, request: bytes) -> bytes:
        table = json.loads(request)["TableName"]
        return base64.b64decode(bodies[f"{operation} {table}"])

    start = time.process_time()
    if stack == "ours":
        from bench.queries.stacks.ours import over_tables as ours

        response = ours(body_of)(DOCUMENTS[ONE_ALERT])
    else:
        from bench.queries.stacks.stock import over_tables as stock

        response = stock(body_of)(DOCUMENTS[ONE_ALERT])
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "response": json.loads(response)}), file=output)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
