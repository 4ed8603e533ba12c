"""Audits of the stack of these tests, and the messages that bring its rows up to date."""

from collections.abc import Callable, Iterable

from operations.overviews.runner import AuditRunner, Result
from operations.overviews.verification import Summary
from rollup.queues import forwarding
from tests.support.rollup_stack import Stack, table_names

REPOSITORIES = ("octo/cat", "octo/dog", "acme/app")


def catch_up(stack: Stack) -> None:
    """Deliver the newest image of everything."""
    images = [{"dynamodb": {"NewImage": item}} for item in stack.items("events")]
    stack.apply_alerts(forwarding.alert_messages(images))
    stack.apply_rows()


def runner_of(stack: Stack, wait: Callable[[float], None] = lambda _: None) -> AuditRunner:
    return AuditRunner(stack.client, tables=table_names(stack), wait=wait)


def summary(results: Iterable[Result]) -> Summary:
    summary = Summary()
    for result in results:
        summary.add(result)
    return summary


def is_clean(results: Iterable[Result]) -> bool:
    """Return whether nothing was wrong, repaired or too busy."""
    found = summary(results)
    return not found.found and not found.busy
