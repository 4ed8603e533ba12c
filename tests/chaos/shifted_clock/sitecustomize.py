"""Shifts the clock of a Python process by `CHAOS_CLOCK_SHIFT_S` seconds.

Python imports this module at its start, if its folder is in PYTHONPATH.
"""

import datetime as dt
import os
import time
from typing import Any

_SHIFT_S = float(os.environ.get("CHAOS_CLOCK_SHIFT_S", "0"))
_real = dt.datetime
_real_time = time.time


class _AsReal(type):
    """Accepts the objects of the real class, which code in C returns."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _real)


class _Shifted(_real, metaclass=_AsReal):
    """`datetime` on a shifted clock."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return _real.now(tz) + dt.timedelta(seconds=_SHIFT_S)

    @classmethod
    def utcnow(cls) -> Any:
        return cls.now(dt.UTC).replace(tzinfo=None)


def _time() -> float:
    return _real_time() + _SHIFT_S


dt.datetime = _Shifted  # type: ignore[misc]
time.time = _time
