"""A pause of garbage collection during the start of the process.

Imports and the construction of the schema create many objects and hardly any garbage. Without the
pause, the collector searches all of these objects many times.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Disable garbage collection inside a `with` block, and freeze the objects created so far.

    Garbage collection is enabled again at the end, also after an exception.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
