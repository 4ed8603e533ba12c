"""The settings about what is watched: traces and the dashboard.

Owns the same as `settings` for these keys.
"""

from infra.setting import Setting, boolean

_TRUE_OR_FALSE = "true or false"

DASHBOARD = Setting(
    key="dashboard",
    meaning="Whether CloudWatch has a dashboard of the stack. AWS charges 3 $ a month for each one "
    "beyond the first three of an account.",
    accepts=_TRUE_OR_FALSE,
    parse=boolean,
    default=True,
    shown_default="true",
)
TRACING = Setting(
    key="tracing",
    meaning="Whether X-Ray traces the functions and the state machines. AWS charges 5 $ per "
    "million traces; an alert causes about five.",
    accepts=_TRUE_OR_FALSE,
    parse=boolean,
    default=False,
    shown_default="false",
)

SETTINGS: tuple[Setting[object], ...] = tuple(
    value for value in list(vars().values()) if isinstance(value, Setting)
)
