"""All settings, in the order of the documentation, and the keys that resemble them."""

import difflib

from infra.settings import access, addresses, alarms, capacity, deployment, general, monitoring
from infra.settings.setting import Setting

SETTINGS: tuple[Setting[object], ...] = (
    *general.SETTINGS,
    *deployment.SETTINGS,
    *addresses.SETTINGS,
    *alarms.SETTINGS,
    *capacity.SETTINGS,
    *access.SETTINGS,
    *monitoring.SETTINGS,
)
KEYS = frozenset(setting.key for setting in SETTINGS)


def closest_key(key: str) -> str | None:
    """Return the setting's key that a misspelled key resembles, None if it resembles none."""
    if key in KEYS:
        return None
    known = {name.lower(): name for name in KEYS}
    found = difflib.get_close_matches(key.lower().replace("-", ""), known, n=1, cutoff=0.8)
    return known[found[0]] if found else None
