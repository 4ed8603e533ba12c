"""The settings about the concurrency of the account, which all functions share.

Owns the same as `settings` for these keys.
"""

from infra.setting import Setting, between

WEBHOOK_CONCURRENCY: Setting[int | None] = Setting(
    key="webhookConcurrency",
    meaning="The concurrent executions that are reserved for the receiver, and as many for the "
    "authorizer. Each of them then never gets more.",
    accepts="a whole number, 1 to 1000",
    parse=between(1, 1_000),
    default=None,
    shown_default="none",
)
QUEUE_HANDLERS = Setting(
    key="queueHandlers",
    meaning="The most queue handlers of a level at a time. Without a limit, Lambda starts one for "
    "each changed repository, and a backfill leaves no concurrency for the receiver.",
    accepts="a whole number, 2 to 1000",
    parse=between(2, 1_000),
    default=10,
    shown_default="10",
)
SETTINGS: tuple[Setting[object], ...] = tuple(
    value for value in list(vars().values()) if isinstance(value, Setting)
)
