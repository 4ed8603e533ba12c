"""Lambda SnapStart: later processes start from the snapshot of an initialised one.

Owns what happens during initialisation if Lambda takes a snapshot afterwards, and what a restored
process renews. Without SnapStart, nothing here has an effect.
"""

import random
from collections.abc import Callable, Mapping
from importlib import import_module

_INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE"
_HOOKS = "snapshot_restore_py"
"""A module of Lambda's runtimes for Python 3.12 and newer; it is not available elsewhere."""


def prepare(*builders: Callable[[], object], environment: Mapping[str, str]) -> None:
    """Call the builders now if Lambda takes a snapshot, so that it contains what they build.

    Credentials in a snapshot have a time of expiry, after which botocore requests new ones. Random
    numbers decide how long a process waits before a retry: each restored process gets a new seed,
    so that the processes do not all retry at the same moments.
    """
    if environment.get(_INITIALIZATION_TYPE) != "snap-start":
        return
    for build in builders:
        build()
    import_module(_HOOKS).register_after_restore(random.seed)
