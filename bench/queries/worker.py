"""One stack in a process of its own, which makes the requests in its standard input.

The first line has the data of the responses as JSON. Each further line names a document and a
number of requests. The process replies with the CPU seconds that they took, and with the last
response if the line asks for it.
"""

import json
import sys
import time
from importlib import import_module

from bench.queries.documents import DOCUMENTS
from bench.queries.stacks import Data, Handler
from bench.query_function import redirect_log

STACKS = {
    "ours": "ours:in_memory",
    "ours, DynamoDB": "ours:with_dynamodb",
    "stock": "stock:in_memory",
    "stock, DynamoDB": "stock:with_dynamodb",
    "graphql-core": "frameworks:core",
    "Ariadne": "frameworks:ariadne",
    "Graphene": "graphene_server:handler",
}


def handler_of(stack: str, data: Data) -> Handler:
    """Return the handler of a stack, and import only what that stack needs."""
    module, _, function = STACKS[stack].partition(":")
    handler: Handler = getattr(import_module(f"bench.queries.stacks.{module}"), function)(data)
    return handler


def main(stack: str) -> None:
    """Make requests until the input ends."""
    output = redirect_log()
    handler = handler_of(stack, json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        order = json.loads(line)
        body = DOCUMENTS[order["document"]]
        start = time.process_time()
        for _ in range(order["requests"]):
            response = handler(body)
        seconds = time.process_time() - start
        shown = json.loads(response) if order["show"] else None
        print(json.dumps({"seconds": seconds, "response": shown}), file=output, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
