"""What can happen to a request of a function: errors of AWS, lost answers, and ends of processes.

Owns the bodies of the errors. `proxy` selects the requests and applies the effects.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

_DYNAMODB = "com.amazonaws.dynamodb.v20120810#"


@dataclass(frozen=True, slots=True)
class Request:
    """A request of a function: its name in the template, the operation, and the body."""

    function: str
    operation: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """A response in place of the emulator's."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the proxy does with one request. The order of the fields is the order of the steps.

    Attributes:
        kill_before: Kill the process of the function, and pass nothing on.
        hang_s: Wait before anything else.
        send: The bodies to pass on, in this order; by default the request's own.
        reply: The response to return in place of the last one.
        kill_after: Kill the process after its request was passed on.
    """

    kill_before: bool = False
    hang_s: float = 0
    send: Callable[[Request], list[bytes]] = field(default=lambda request: [request.body])
    reply: Callable[[Request], Reply] | None = None
    kill_after: bool = False


def _nothing(_request: Request) -> list[bytes]:
    return []


def refused(status: int, error: str) -> Effect:
    """The request fails, and has no effect."""
    body = json.dumps({"__type": error, "message": "injected"}).encode()
    return Effect(send=_nothing, reply=lambda _: Reply(status, body))


def conflict(request: Request) -> Reply:
    """Return the error of a transaction that met another one."""
    items = json.loads(request.body).get("TransactItems")
    if items is None:
        error = {"__type": f"{_DYNAMODB}TransactionConflictException", "message": "injected"}
        return Reply(400, json.dumps(error).encode())
    reasons = [{"Code": "TransactionConflict", "Message": "injected"}]
    reasons += [{"Code": "None"} for _ in items[1:]]
    canceled = {
        "__type": f"{_DYNAMODB}TransactionCanceledException",
        "Message": "Transaction cancelled [TransactionConflict]",
        "CancellationReasons": reasons,
    }
    return Reply(400, json.dumps(canceled).encode())


def half_failed(request: Request) -> Reply:
    """Return the response of a batch to SQS whose second half failed."""
    entries = json.loads(request.body)["Entries"]
    middle = len(entries) // 2
    failed = [
        {"Id": one["Id"], "Code": "InternalError", "SenderFault": False} for one in entries[middle:]
    ]
    sent = [
        {"Id": one["Id"], "MessageId": one["Id"], "MD5OfMessageBody": ""}
        for one in entries[:middle]
    ]
    return Reply(200, json.dumps({"Successful": sent, "Failed": failed}).encode())


def first_half(request: Request) -> list[bytes]:
    """Return the request with the first half of its entries, or nothing if that is empty."""
    document = json.loads(request.body)
    document["Entries"] = document["Entries"][: len(document["Entries"]) // 2]
    return [json.dumps(document).encode()] if document["Entries"] else []


@dataclass(slots=True)
class Repeated:
    """Sends each batch of messages, and the batch before it again: duplicate and out of order."""

    before: dict[str, bytes] = field(default_factory=dict)
    sent: int = 0

    def __call__(self, request: Request) -> list[bytes]:
        """Return the bodies to send. SQS accepts an old message under a new deduplication id."""
        again = self.before.get(request.function)
        self.before[request.function] = request.body
        if again is None:
            return [request.body]
        self.sent += 1
        document = json.loads(again)
        for entry in document["Entries"]:
            entry["MessageDeduplicationId"] = f"{entry['MessageDeduplicationId'][:90]}-{self.sent}"
        return [request.body, json.dumps(document).encode(), request.body]


THROTTLED = refused(400, f"{_DYNAMODB}ProvisionedThroughputExceededException")
FAILING = refused(500, f"{_DYNAMODB}InternalServerError")
DENIED = refused(400, f"{_DYNAMODB}AccessDeniedException")
"""An error that botocore does not retry: the permission is missing."""
AWAY = refused(503, "ServiceUnavailableException")
CONFLICT = Effect(send=_nothing, reply=conflict)
PARTIAL_BATCH = Effect(send=first_half, reply=half_failed)
ANSWER_LOST = Effect(
    reply=lambda _: Reply(500, json.dumps({"__type": f"{_DYNAMODB}InternalServerError"}).encode())
)
KILLED_BEFORE = Effect(kill_before=True)
KILLED_AFTER = Effect(kill_after=True)
