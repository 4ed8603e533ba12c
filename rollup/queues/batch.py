"""A batch of SQS messages: applied group by group, with failures reported group by group.

Owns the definition of a partial failure. A failing group delays only itself. If a body is
malformed, the later messages of its group fail too.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from rollup.queues.message import MessageError
from rollup.rows.counts_codec import UnknownLayoutError
from rollup.stores.item_reader import ContentionError

logger = Logger()

_T = TypeVar("_T")


def apply_batch(
    records: Sequence[dict[str, Any]],
    *,
    unpack: Callable[[str], list[_T]],
    apply: Callable[[list[_T]], int],
) -> dict[str, Any]:
    """Apply every group of a batch.

    Args:
        records: The SQS records of one invocation.
        unpack: Returns the sources of a message body. Raises MessageError.
        apply: Applies the sources of one group, and returns how many of them were new.

    Returns:
        The partial batch response: the messages that SQS must deliver again.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        groups.setdefault(record["attributes"]["MessageGroupId"], []).append(record)
    failed = [record for group in groups.values() for record in _apply_group(group, unpack, apply)]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def _apply_group(
    group: Sequence[dict[str, Any]],
    unpack: Callable[[str], list[_T]],
    apply: Callable[[list[_T]], int],
) -> Sequence[dict[str, Any]]:
    sources: list[_T] = []
    unread: Sequence[dict[str, Any]] = ()
    for position, record in enumerate(group):
        try:
            sources += unpack(record["body"])
        except MessageError as error:
            logger.warning(
                "unreadable message", reason=error.reason, message_id=record["messageId"]
            )
            unread = group[position:]
            break
    try:
        applied = apply(sources)
    except (ContentionError, UnknownLayoutError) as error:
        logger.warning("group failed", reason=error.reason, messages=len(group))
        return group
    except ClientError as error:
        logger.warning("group failed", reason=error.response["Error"]["Code"], messages=len(group))
        return group
    except BotoCoreError as error:
        logger.warning("group failed", reason=type(error).__name__, messages=len(group))
        return group
    logger.info("applied", messages=len(group), sources=len(sources), new=applied)
    return unread
