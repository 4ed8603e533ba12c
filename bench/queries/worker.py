"""One side of the query benchmark in a process of its own, told by its standard input what to do.

The first line holds the answers as JSON. Every further line names a document and how many requests
to make; the process answers with the CPU seconds they took and, once, what was answered.
"""

import json
import os
import sys
import time
from importlib import import_module
from typing import Any

from bench.queries.side import Answers, Handler

SIDES = {
    "ours": "bench.queries.ours:in_memory",
    "ours, DynamoDB": "bench.queries.ours:with_dynamodb",
    "stock": "bench.queries.stock:in_memory",
    "stock, DynamoDB": "bench.queries.stock:with_dynamodb",
    "graphql-core": "bench.queries.others:core",
    "Ariadne": "bench.queries.others:ariadne",
    "Graphene": "bench.queries.graphene_server:handler",
    "floor": "bench.queries.others:floor",
}


def handler_of(side: str, answers: Answers) -> Handler:
    """Return the handler of a side, importing only what that side needs."""
    module, _, name = SIDES[side].partition(":")
    made: Handler = getattr(import_module(module), name)(answers)
    return made


def main(side: str) -> None:
    """Serve until the input ends."""
    # What a side logs is written as in Lambda, but nobody reads it.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    told = json.loads(sys.stdin.readline())
    documents: dict[str, Any] = told["documents"]
    handler = handler_of(side, Answers(told["answers"]))
    for line in sys.stdin:
        asked = json.loads(line)
        body = asked["document"] if side == "floor" else documents[asked["document"]]
        started = time.process_time()
        for _ in range(asked["requests"]):
            answer = handler(body)
        seconds = time.process_time() - started
        told_back = {"seconds": seconds, "answer": json.loads(answer) if asked["show"] else None}
        print(json.dumps(told_back), file=replies, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
