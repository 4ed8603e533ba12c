"""One cold start: from a fresh process to the first answer, printed as CPU seconds.

Takes the side and a file that holds the request and DynamoDB's responses, so that nothing is
imported here but what the side itself needs.
"""

import base64
import json
import os
import sys
import time
from pathlib import Path


def main(side: str, told: str) -> None:
    """Answer once and print how long it took."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    known = json.loads(Path(told).read_text())
    os.environ.update(known["environment"])

    def body_of(operation: str, request: bytes) -> bytes:
        table = json.loads(request)["TableName"]
        return base64.b64decode(known["responses"][f"{operation} {table}"])

    started = time.process_time()
    if side == "ours":
        from bench.queries.ours import over_tables as ours

        answer = ours(body_of, known["key"])(known["body"])
    else:
        from bench.queries.stock import over_tables as stock

        answer = stock(body_of)(known["body"])
    seconds = time.process_time() - started
    print(json.dumps({"seconds": seconds, "answer": json.loads(answer)}), file=replies)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
