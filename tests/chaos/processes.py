"""Finds the process behind a connection, and kills it. For Linux, where /proc lists both.

Never kills a process that is not a Lambda worker of the emulator.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path


def kill_worker_of(port: int) -> bool:
    """Kill the worker whose end of a connection has this local port. Return whether it existed."""
    inode = _inode_of(port)
    pid = None if inode is None else _owner_of(inode)
    if pid is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return True


def _inode_of(port: int) -> str | None:
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].rpartition(":")[2], 16) == port:
            return fields[9]
    return None


def _owner_of(inode: str) -> int | None:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if b"ministack-lambda" not in (folder / "cmdline").read_bytes():
                continue
            for link in (folder / "fd").iterdir():
                with suppress(OSError):
                    if str(link.readlink()) == f"socket:[{inode}]":
                        return int(folder.name)
    return None
