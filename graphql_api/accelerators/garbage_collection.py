"""Garbage collection that pauses while the process starts.

Loading modules and building the schema makes many objects and hardly any garbage. The collector
would search all of them again and again.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Collect no garbage inside, and never search the objects that exist at the end.

    Whatever happens inside, garbage is collected as usual afterwards.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
