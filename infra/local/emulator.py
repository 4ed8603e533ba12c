"""The AWS emulator (MiniStack) as a child process on a free port.

Owns its environment, its folder and its log, and ends all its processes. Independent of the stack.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

from infra.errors import InfraError
from infra.paths import ROOT

_PYTHON = ROOT / ".emulator-venv" / "bin" / "python"
_START_SECONDS = 120
_STOP_SECONDS = 10
_ATTEMPTS = 3


class EmulatorError(InfraError):
    """The emulator does not start; the message contains the reason or the path of its log."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator: its address, its log file, and a function that starts it again."""

    endpoint: str
    log: Path
    restart: Callable[[], None]


@contextmanager
def running_emulator(folder: Path, *, keeps_state: bool = False) -> Iterator[Emulator]:
    """Run an emulator that writes only below `folder`, until the context ends.

    A restart ends all its processes. With `keeps_state`, the emulator saves its state before, and
    loads it afterwards. At the end, all its processes have ended and its temporary files are
    deleted. The log stays.

    Raises:
        EmulatorError: The emulator does not start.
    """
    log = folder / "logs" / "emulator.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    _end_forgotten_emulator(folder)
    process, port = _start(folder, log=log, keeps_state=keeps_state)

    def restart() -> None:
        nonlocal process
        _end(process)
        process, _ = _start(folder, log=log, keeps_state=keeps_state, port=port)

    try:
        yield Emulator(endpoint=f"http://127.0.0.1:{port}", log=log, restart=restart)
    finally:
        _end(process)
        _remove_leftovers(folder)


def free_port() -> int:
    """Return a port of the loopback interface that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start(
    folder: Path, *, log: Path, keeps_state: bool, port: int | None = None
) -> tuple[subprocess.Popen[bytes], int]:
    """Start the emulator on this port or a free one, and return the port.

    Retries if it exits, since another process can take the port first.
    """
    if not _PYTHON.exists():
        raise EmulatorError(f"{_PYTHON} is missing: run `python3 infra/local/setup.py emulator`")
    for _ in range(_ATTEMPTS):
        used = port or free_port()
        with log.open("ab") as output:
            process = subprocess.Popen(
                [str(_PYTHON), "-m", "ministack"],
                cwd=_made(folder / "tmp"),
                env=_environment(folder, port=used, keeps_state=keeps_state),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _pid_file(folder).write_text(str(process.pid))
        try:
            if _wait_until_healthy(process, f"http://127.0.0.1:{used}"):
                return process, used
        except BaseException:
            _end(process)
            raise
        _end(process)
    raise EmulatorError(f"the AWS emulator does not start; see {log}")


def _environment(folder: Path, *, port: int, keeps_state: bool) -> dict[str, str]:
    """Return the whole environment. Functions inherit it, and must not see that of this machine."""
    return {
        "PATH": os.pathsep.join([str(_PYTHON.parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(_made(folder / "home")),
        "TMPDIR": str(_made(folder / "tmp")),
        "PERSIST_STATE": "1" if keeps_state else "0",
        "STATE_DIR": str(folder / "tmp" / "state"),
        "S3_DATA_DIR": str(folder / "tmp" / "s3"),
        "LANG": "C.UTF-8",
        "LAMBDA_EXECUTOR": "local",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def _wait_until_healthy(process: subprocess.Popen[bytes], endpoint: str) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    # No proxy: the emulator is on this machine.
    with httpx2.Client(base_url=endpoint, timeout=2, trust_env=False) as http:
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(httpx2.HTTPError):
                if http.get("/_ministack/health").status_code == 200:
                    return process.poll() is None
            time.sleep(0.1)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Terminate the emulator, then kill its process group: Lambda workers stay for 25 seconds."""
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_forgotten_emulator(folder: Path) -> None:
    """End the emulator that an earlier, killed run left behind in this folder.

    Another process can have the same id now, so the command line is compared (on Linux only).
    """
    file = _pid_file(folder)
    with suppress(OSError, ValueError):
        pid = int(file.read_text())
        if str(_PYTHON) in Path(f"/proc/{pid}/cmdline").read_text():
            os.killpg(pid, signal.SIGKILL)
    _remove_leftovers(folder)


def _remove_leftovers(folder: Path) -> None:
    _pid_file(folder).unlink(missing_ok=True)
    for name in ("tmp", "home"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _pid_file(folder: Path) -> Path:
    return folder / "emulator.pid"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
