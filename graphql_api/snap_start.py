"""The initialisation of the query function, also if Lambda takes a snapshot of it (SnapStart).

Owns what a process makes before its first request, and what a process renews that Lambda restores
from a snapshot.
"""

import random
from collections.abc import Callable, Mapping
from importlib import import_module

from ingest.clients import make_at_start

_INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE"
_HOOKS = "snapshot_restore_py"
"""A module of Lambda's runtimes for Python 3.12 and newer; it is not available elsewhere."""


def prepare(*builders: Callable[[], object], environment: Mapping[str, str]) -> None:
    """Call the builders now if Lambda starts this process; a snapshot contains what they build.

    Credentials in a snapshot have a time of expiry, after which botocore requests new ones. Random
    numbers decide how long a process waits before a retry: each restored process gets a new seed,
    so that the processes do not all retry at the same moments.
    """
    make_at_start(*builders, environment=environment)
    if environment.get(_INITIALIZATION_TYPE) != "snap-start":
        return
    import_module(_HOOKS).register_after_restore(random.seed)
