"""The settings about what is watched: traces and the dashboard.

Owns the same as `general` for these keys.
"""

from infra.settings.setting import flag, settings_in

DASHBOARD = flag(
    "dashboard",
    "Whether CloudWatch has a dashboard of the stack. AWS charges 3 $ a month for each one "
    "beyond the first three of an account.",
    default=True,
)
TRACING = flag(
    "tracing",
    "Whether X-Ray traces the functions and the state machines. AWS charges 5 $ per "
    "million traces; an alert causes about five.",
    default=False,
)

SETTINGS = settings_in(vars())
