"""The faults: which requests of which functions they affect, and how.

Owns the list. A fault is a set of rules for the proxy, or something that is done to the stack.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.chaos.effects import (
    ANSWER_LOST,
    AWAY,
    CONFLICT,
    DENIED,
    FAILING,
    KILLED_AFTER,
    KILLED_BEFORE,
    PARTIAL_BATCH,
    THROTTLED,
    Effect,
    Repeated,
)
from tests.chaos.proxy import Rule
from tests.chaos.stage import APPLIERS, STREAM_HANDLERS

WRITES = ("TransactWriteItems", "PutItem", "UpdateItem")
READS = ("BatchGetItem", "GetItem", "Query")
WRITERS = ("Recorder", *APPLIERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault.

    Attributes:
        name: Its short name, an argument of the command.
        what: What happens, for the table of the results.
        rules: Makes the rules of the proxy.
        timeout_s: The timeout of the functions that the fault needs, or None for the deployed one.
        in_pairs: Whether the fault is tried together with the others.
        lasts: Whether the fault lasts until a message is dead, and ends before the remedy.
    """

    name: str
    what: str
    rules: Callable[[], list[Rule]]
    timeout_s: int | None = None
    in_pairs: bool = True
    lasts: bool = False


def _rule(
    effect: Effect,
    functions: Sequence[str],
    operations: Sequence[str],
    *,
    share: float = 1,
    most: int = 1_000_000,
    containing: str = "",
) -> Callable[[], list[Rule]]:
    def made() -> list[Rule]:
        return [Rule(effect, functions, operations, share=share, most=most, containing=containing)]

    return made


FAULTS: tuple[Fault, ...] = (
    Fault(
        name="killed-before",
        what="an applier is killed between its read and its write",
        rules=_rule(KILLED_BEFORE, APPLIERS, ("TransactWriteItems",), share=0.4, most=6),
    ),
    Fault(
        name="killed-after",
        what="an applier is killed after its write, before its response",
        rules=_rule(KILLED_AFTER, APPLIERS, ("TransactWriteItems",), share=0.4, most=6),
    ),
    Fault(
        name="recorder-killed",
        what="a recorder is killed between its read and its write",
        rules=_rule(KILLED_BEFORE, ("Recorder",), WRITES, share=0.1, most=5),
    ),
    Fault(
        name="conflicts",
        what="a third of all writes meets another transaction",
        rules=_rule(CONFLICT, WRITERS, ("TransactWriteItems", "PutItem"), share=0.33),
    ),
    Fault(
        name="throttled",
        what="DynamoDB throttles a third of all reads and writes",
        rules=_rule(THROTTLED, WRITERS, (*READS, *WRITES), share=0.33),
    ),
    Fault(
        name="failing",
        what="DynamoDB fails for a third of all reads and writes",
        rules=_rule(FAILING, WRITERS, (*READS, *WRITES), share=0.33),
    ),
    Fault(
        name="answer-lost",
        what="a quarter of all writes is made, and DynamoDB's answer is an error",
        rules=_rule(ANSWER_LOST, WRITERS, WRITES, share=0.25),
    ),
    Fault(
        name="half-sent",
        what="SQS accepts only half of each second batch",
        rules=_rule(PARTIAL_BATCH, STREAM_HANDLERS, ("SendMessageBatch",), share=0.5),
    ),
    Fault(
        name="repeated",
        what="each batch of messages is sent twice, and an older one after it",
        rules=lambda: [Rule(Effect(send=Repeated()), STREAM_HANDLERS, ("SendMessageBatch",))],
    ),
    Fault(
        name="group-fails",
        what="the writes for one repository fail: partial batch failures",
        rules=_rule(FAILING, APPLIERS, ("TransactWriteItems",), containing="/repo-1", most=20),
    ),
    Fault(
        name="bus-away",
        what="the event bus is away for a third of the deliveries",
        rules=_rule(AWAY, ("Receiver",), ("PutEvents",), share=0.33, most=60),
    ),
    Fault(
        name="secrets-away",
        what="Secrets Manager is away while receivers start",
        rules=_rule(AWAY, ("Receiver",), ("GetSecretValue",), most=30),
    ),
    Fault(
        name="timeout",
        what="an applier waits for DynamoDB until its function times out",
        rules=_rule(Effect(hang_s=4), APPLIERS, ("TransactWriteItems",), share=0.3, most=4),
        timeout_s=3,
    ),
    Fault(
        name="recording-fails",
        what="the recorder may not write, until the retries of the state machine end",
        rules=_rule(DENIED, ("Recorder",), WRITES, containing="/repo-1"),
        in_pairs=False,
        lasts=True,
    ),
    Fault(
        name="applying-fails",
        what="the writes for one repository are refused until its messages are dead",
        rules=_rule(DENIED, ("RepositoryQueueHandler",), WRITES, containing="/repo-1"),
        in_pairs=False,
        lasts=True,
    ),
    Fault(
        name="summing-fails",
        what="the writes for an organisation are refused until its messages are dead",
        rules=_rule(DENIED, ("OrganisationQueueHandler",), WRITES, containing="chaos"),
        in_pairs=False,
        lasts=True,
    ),
)
