"""A headless Chromium. The tests control it over a pipe with the DevTools protocol."""

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import F_DUPFD_CLOEXEC, fcntl
from itertools import count
from pathlib import Path
from select import select
from typing import Any

_NAVIGATED = "Inspected target navigated or closed"
"""Chromium's error for an expression in a page that another one replaces at the same time."""


class NavigatedError(Exception):
    """The page was replaced while an expression ran."""


PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--window-size=1400,900",
    "--remote-debugging-pipe",
)

KEY_CODES = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowUp": 38, "ArrowDown": 40}
KEY_TEXTS = {"Enter": "\r", " ": " "}


def chromium() -> str | None:
    """Return the path of the installed browser, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@dataclass(slots=True)
class Page:
    """A page of the browser. It records the URLs of all requests, and all errors of the console."""

    _to_browser: int
    _from_browser: int
    _session: str = ""
    _unread: bytes = b""
    _ids: Iterator[int] = field(default_factory=lambda: count(1))
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, url: str, *, first: str = "") -> None:
        """Open a new page and load a URL. The script `first` runs before those of the page."""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._call(f"{domain}.enable")
        if first:
            self._call("Page.addScriptToEvaluateOnNewDocument", source=first)
        self._call("Page.navigate", url=url)

    def evaluate(self, script: str) -> Any:
        """Return the value of a JavaScript expression in the page."""
        result = self._call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait_for(self, script: str, *, seconds: float = 20) -> Any:
        """Wait until an expression is true in JavaScript, and return its value."""
        deadline = time.monotonic() + seconds
        while not (value := self._evaluate_unless_navigating(script)):
            assert time.monotonic() < deadline, f"{script} is still {value!r}; {self.errors}"
            time.sleep(0.1)
        return value

    def _evaluate_unless_navigating(self, script: str) -> Any:
        try:
            return self.evaluate(script)
        except NavigatedError:
            return None

    def resize(self, width: int, height: int = 800) -> None:
        """Set the size of the screen."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", **metrics)

    def prefer(self, scheme: str) -> None:
        """Set the preferences of the system: light or dark colours, and no animation."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self._call("Emulation.setEmulatedMedia", features=features)

    def click(self, selector: str) -> None:
        """Click the first element that matches a selector."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def type(self, text: str) -> None:
        """Type into the element that has the focus."""
        self._call("Input.insertText", text=text)

    def press(self, key: str, *, code: int = 0, shift: bool = False) -> None:
        """Press and release a key, such as `Tab` or `a`. `code` is its code on Windows."""
        text = KEY_TEXTS.get(key, key if len(key) == 1 and not code else "")
        common = {
            "key": key,
            "windowsVirtualKeyCode": code or KEY_CODES.get(key) or ord(key.upper()),
            "modifiers": 8 * shift,
        }
        self._call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self._call("Input.dispatchKeyEvent", type="keyUp", **common)

    def picture(self, *, top: float = 0, height: float | None = None) -> bytes:
        """Return a part of the page as PNG, in its whole width; to the bottom by default."""
        size = self._call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": top, "width": size["width"], "scale": 1}
        clip["height"] = size["height"] - top if height is None else height
        picture = self._call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(picture["data"])

    def printed(self) -> bytes:
        """Return the page as PDF, on A4."""
        paper = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": False}
        return base64.b64decode(self._call("Page.printToPDF", **paper)["data"])

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        id_ = next(self._ids)
        message: dict[str, Any] = {"id": id_, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to_browser, json.dumps(message).encode() + b"\0")
        while True:
            received = self._read()
            if received.get("id") == id_:
                error = received.get("error")
                if error and error["message"] == _NAVIGATED:
                    raise NavigatedError
                assert error is None, error
                result: dict[str, Any] = received["result"]
                return result
            self._record(received)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            readable, _, _ = select([self._from_browser], [], [], 30)
            assert readable, "the browser sent nothing for 30 seconds"
            received = os.read(self._from_browser, 1 << 20)
            assert received, "the browser ended"
            self._unread += received
        message, _, self._unread = self._unread.partition(b"\0")
        parsed: dict[str, Any] = json.loads(message)
        return parsed

    def _record(self, event: dict[str, Any]) -> None:
        parameters = event.get("params", {})
        if event.get("method") == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif event.get("method") == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(parameters["exceptionDetails"]))
        elif event.get("method") == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.errors.append(json.dumps(parameters["entry"]))
        elif event.get("method") == "Runtime.consoleAPICalled" and parameters["type"] == "error":
            self.errors.append(json.dumps(parameters["args"]))


def _pipe() -> tuple[int, int]:
    """Return a pipe whose file descriptors are none of those that the browser uses."""
    low = os.pipe()
    reads, writes = (fcntl(end, F_DUPFD_CLOEXEC, 10) for end in low)
    for end in low:
        os.close(end)
    return reads, writes


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """Start a browser with an empty profile in `folder`, and yield its page."""
    program = chromium()
    assert program, f"install one of {', '.join(PROGRAMS)}"
    to_read, to_write = _pipe()
    from_read, from_write = _pipe()
    # The browser reads commands from file descriptor 3, and writes responses to 4.
    command = f'exec "$0" "$@" 3<&{to_read} 4>&{from_write} {to_read}<&- {from_write}>&-'
    process = subprocess.Popen(
        ["/bin/bash", "-c", command, program, *FLAGS, f"--user-data-dir={folder}"],
        pass_fds=(to_read, from_write),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_read)
    os.close(from_write)
    try:
        yield Page(to_write, from_read)
    finally:
        os.close(to_write)
        os.close(from_read)
        process.terminate()
        process.wait(30)
