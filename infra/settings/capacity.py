"""The settings about the concurrency of the account, which all functions share.

Owns the same as `general` for these keys.
"""

from infra.settings.setting import NONE, Setting, between, settings_in, whole_number

WEBHOOK_CONCURRENCY: Setting[int | None] = Setting(
    key="webhookConcurrency",
    meaning="The concurrent executions that are reserved for the receiver, and as many for the "
    "authorizer. Each of them then never gets more.",
    accepts="a whole number, 1 to 1000",
    parse=between(1, 1_000),
    default=None,
    shown_default=NONE,
)
QUEUE_HANDLERS = whole_number(
    "queueHandlers",
    "The most queue handlers of a level at a time. Without a limit, Lambda starts one for "
    "each changed repository, and a backfill leaves no concurrency for the receiver.",
    least=2,
    most=1_000,
    default=10,
)
SETTINGS = settings_in(vars())
