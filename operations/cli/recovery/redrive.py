"""The command `gcsmttr redrive`, which processes the messages of a dead-letter queue again."""

from datetime import UTC, datetime
from typing import Any

import click

from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import deployment_command
from operations.cli.output import Output, counted
from operations.cli.recovery.times import in_json
from operations.dead_letter_queues import QUEUES, Action, DeadLetterQueue, named
from operations.deployment import Deployment
from operations.redrive.run import Done, Found, Redrive
from operations.status.section import ago

_MOST_CONTENTS = 20


class QueueName(click.ParamType[DeadLetterQueue]):
    """The name of a dead-letter queue."""

    name = "queue"

    def convert(
        self,
        value: str | DeadLetterQueue,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> DeadLetterQueue:
        """Return the queue."""
        if isinstance(value, DeadLetterQueue):
            return value
        if (queue := named(value)) is None:
            self.fail(f"{value!r} is not one of {', '.join(QUEUES)}.", param, ctx)
        return queue


def _help() -> str:
    lines = "\n".join(f"  {one.name:<19}{one.content}" for one in QUEUES.values())
    return f"\b\nQueues:\n{lines}"


@click.command(
    epilog=_help()
    + "\n\n"
    + epilog(
        "gcsmttr redrive mover --dry-run --stack Gcsmttr",
        "gcsmttr redrive repository --yes --stack Gcsmttr",
        found="with --dry-run, the queue has messages; otherwise some stay, since they contain no"
        " event.",
    )
)
@click.argument("queue", type=QueueName())
@click.option("--dry-run", is_flag=True, help="Only show what is in the queue.")
@click.option("--yes", is_flag=True, help="Do not ask for a confirmation.")
@deployment_command
def redrive(
    deployment: Deployment,
    output: Output,
    *,
    queue: DeadLetterQueue,
    dry_run: bool,
    yes: bool,
) -> ExitStatus:
    """Process the messages of a dead-letter queue again.

    Fix the cause first. The command shows what the messages are about, why they are there, and what
    it will do. It does all that the queue needs: messages of the queues `repository` and
    `organisation` return to the queue that they came from, the events of `delivery` and `execution`
    go to the event bus again, the mover starts for each repository that waits for it, and after
    lost stream records all overviews are repaired.

    A message is deleted after it is processed, so an interruption loses nothing. What is processed
    twice counts once. Messages that arrive meanwhile stay.
    """
    if not (yes or dry_run or output.is_interactive):
        raise click.UsageError("Give --yes to confirm, or --dry-run to see what is in the queue.")
    run = Redrive(deployment, queue)
    with output.waiting("Reading the queue"):
        found = run.look()
    facts = _facts(queue, found, is_dry_run=dry_run)
    if not (found.messages or found.waiting):
        output.document({**facts, "processed": 0, "kept": 0})
        output.line(f"{queue.title} is empty.")
        return ExitStatus.OK
    _show(output, queue, found)
    if dry_run:
        output.document(facts)
        return ExitStatus.FOUND
    if not yes and not click.confirm("Continue?", err=True):
        output.note("Nothing was changed.")
        return ExitStatus.FOUND
    with output.waiting("Redriving"):
        done = run.run(seen=output.line)
    output.document({**facts, "processed": done.processed, "kept": done.kept})
    return _ended(output, queue, done)


def _show(output: Output, queue: DeadLetterQueue, found: Found) -> None:
    messages = counted(found.messages, "message", "messages")
    output.line(f"{queue.title} has {messages}: {queue.content}.")
    if found.oldest_at is not None:
        output.line(f"The oldest is from {ago(found.oldest_at, datetime.now(UTC))}.")
    if found.read < found.messages:
        output.line(f"The first {counted(found.read, 'message', 'messages')} of them:")
    if found.contents:
        output.table(
            "messages",
            "about",
            "error",
            rows=[
                (f"{number:,}", content.about, content.error or "see the log of the function")
                for content, number in found.contents[:_MOST_CONTENTS]
            ],
        )
    if (more := len(found.contents) - _MOST_CONTENTS) > 0:
        output.line(f"… and {more:,} more")
    if queue.action is Action.MOVE_ALERTS:
        waiting = counted(len(found.waiting), "repository waits", "repositories wait")
        output.line(f"{waiting} for the mover: {', '.join(found.waiting) or 'none'}.")
    output.line(f"The redrive will {queue.action.value}.")


def _ended(output: Output, queue: DeadLetterQueue, done: Done) -> ExitStatus:
    if done.is_busy:
        output.note("Some rows changed all the time. The messages stay. Run the command again.")
        return ExitStatus.BUSY
    output.line(_result(queue, done))
    if done.kept:
        kept = counted(done.kept, "message stays", "messages stay")
        output.note(f"{kept} in the queue without an event. Read them in the SQS console.")
        return ExitStatus.FOUND
    output.note("Check with gcsmttr status that the queue stays empty.")
    return ExitStatus.OK


def _result(queue: DeadLetterQueue, done: Done) -> str:
    match queue.action:
        case Action.MOVE_BACK:
            return f"Moved back: {counted(done.processed, 'message', 'messages')}."
        case Action.REPUBLISH:
            return f"Put on the event bus: {counted(done.processed, 'event', 'events')}."
        case Action.MOVE_ALERTS:
            return f"Settled by the mover: {counted(done.processed, 'repository', 'repositories')}."
        case Action.REPAIR:
            repaired = counted(len(done.lines), "row or ledger entry", "rows and ledger entries")
            return (
                f"Repaired: {repaired}. Deleted: {counted(done.processed, 'message', 'messages')}."
            )


def _facts(queue: DeadLetterQueue, found: Found, *, is_dry_run: bool) -> dict[str, Any]:
    return {
        "queue": queue.name,
        "dryRun": is_dry_run,
        "messages": found.messages,
        "oldestAt": None if found.oldest_at is None else in_json(found.oldest_at),
        "read": found.read,
        "contents": [
            {"about": content.about, "error": content.error, "messages": number}
            for content, number in found.contents
        ],
        "waiting": list(found.waiting),
        "action": queue.action.value,
    }
