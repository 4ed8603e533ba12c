"""A batch of SQS messages: applied group by group, with failures reported group by group.

Owns the definition of a partial failure, and the log lines and metrics of the queue handlers. A
failing group delays only itself. If a body is malformed, the later messages of its group fail too.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from ingest.metrics.names import LEVEL, Level, Name
from ingest.metrics.report import counted, report
from ingest.origin import Origins, deliveries_of, lags_ms, merged
from rollup.queues.message import MessageError
from rollup.rows.counts_codec import UnknownLayoutError
from rollup.rows.ledger import Entry
from rollup.stores.item_reader import ContentionError
from rollup.stores.rollup_store import RollupStore

logger = Logger()


class Source(Protocol):
    """What a message reports: the state of an alert or of a row."""

    @property
    def origins(self) -> Origins:
        """The events that led to the state."""


_Source = TypeVar("_Source", bound=Source)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The records of a group that failed, how many sources were applied, and the changes' lags."""

    failed: Sequence[dict[str, Any]]
    sources: int = 0
    new: int = 0
    lags_ms: Sequence[int] = ()


def apply_batch(
    records: Sequence[dict[str, Any]],
    *,
    level: Level,
    store: RollupStore,
    unpack: Callable[[str], list[_Source]],
    entries_of: Callable[[list[_Source]], Iterable[Entry]],
) -> dict[str, Any]:
    """Apply every group of a batch.

    Args:
        records: The SQS records of one invocation.
        level: The level of the store, for the metrics.
        store: The store that the entries are applied to.
        unpack: Returns the sources of a message body. Raises MessageError.
        entries_of: Returns the entries of the sources of one group.

    Returns:
        The partial batch response: the messages that SQS must deliver again.
    """
    conflicts_before = store.conflicts
    groups: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        groups.setdefault(record["attributes"]["MessageGroupId"], []).append(record)
    outcomes = [
        _apply_group(group, unpack, lambda sources: store.apply(entries_of(sources)))
        for group in groups.values()
    ]
    new = sum(outcome.new for outcome in outcomes)
    values: dict[str, int] = {
        Name.APPLIED: new,
        Name.DUPLICATES: sum(outcome.sources for outcome in outcomes) - new,
        Name.CONFLICTS: store.conflicts - conflicts_before,
    }
    lags = [lag for outcome in outcomes for lag in outcome.lags_ms]
    report(counted(values), {LEVEL: level}, lags_ms=lags)
    failed = [record for outcome in outcomes for record in outcome.failed]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def _apply_group(
    group: Sequence[dict[str, Any]],
    unpack: Callable[[str], list[_Source]],
    apply: Callable[[list[_Source]], Sequence[Entry]],
) -> _Outcome:
    sources: list[_Source] = []
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
    deliveries = deliveries_of(merged(source.origins for source in sources))
    try:
        new = apply(sources)
    except (ContentionError, UnknownLayoutError) as error:
        return _failed(group, error.reason, deliveries)
    except ClientError as error:
        return _failed(group, error.response["Error"]["Code"], deliveries)
    except BotoCoreError as error:
        return _failed(group, type(error).__name__, deliveries)
    except Exception as error:
        # For example a malformed row. An error of the function would fail the whole batch, and send
        # the messages of all its groups to the dead-letter queue after some attempts.
        logger.exception("unexpected error")
        return _failed(group, type(error).__name__, deliveries)
    logger.info(
        "applied", messages=len(group), sources=len(sources), new=len(new), deliveries=deliveries
    )
    origins = merged(entry.origins for entry in new)
    lags = lags_ms(origins, now_ms=time.time_ns() // 1_000_000)
    return _Outcome(unread, len(sources), len(new), lags)


def _failed(group: Sequence[dict[str, Any]], reason: str, deliveries: str) -> _Outcome:
    logger.warning("group failed", reason=reason, messages=len(group), deliveries=deliveries)
    return _Outcome(group)
