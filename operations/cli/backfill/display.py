"""The progress of a backfill on stderr: what is read, the rate limit, and the time left.

Owns the bar, and the waits, during which it shows until when they last. The bar has a total and the
time left only where the number of lists shows how much there is: GitHub does not send the length of
a list.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from github_rest.http.responses import RateLimit
from operations.cli.output import Output, counted
from reconcile.step import Step

_REPORTED_S = 5.0
"""Shorter waits are not worth a line where there is no bar."""


class _TimeLeft(TimeRemainingColumn):
    def render(self, task: Task) -> Text:
        return Text() if task.total is None else super().render(task)


class BackfillDisplay:
    """The display of one backfill. Without a terminal, only long waits print a line."""

    def __init__(self, output: Output) -> None:
        console = Console(stderr=True)
        self._output = output
        self._is_shown = console.is_terminal
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=10),
            TextColumn("{task.fields[state]}"), _TimeLeft(compact=True), console=console,
            transient=True, disable=not self._is_shown, redirect_stdout=False,
            redirect_stderr=False,
        )  # fmt: skip
        self._state = ""
        self._task = self.bar.add_task("Reading", total=None, state="")

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the bar until the context ends."""
        with self.bar:
            yield

    def show(self, step: Step) -> None:
        """Show what was read so far."""
        self._state = state_of(step)
        several = step.lists if step.lists > 1 else None
        self.bar.update(self._task, total=several, completed=step.lists_read, state=self._state)

    def wait(self, seconds: float) -> None:
        """Wait, and show until when."""
        until = f"waits until {_clock_time(datetime.now().astimezone(), seconds)}"
        self.bar.update(self._task, state=f"{until}; {self._state}" if self._state else until)
        if not self._is_shown and seconds >= _REPORTED_S:
            self._output.note(f"GitHub limits requests or does not respond: {until}.")
        time.sleep(seconds)
        self.bar.update(self._task, state=self._state)


def state_of(step: Step) -> str:
    """Return what a step shows, in one line. Pure."""
    counts = step.progress.counts
    parts = [
        counted(counts.alerts, "alert", "alerts"),
        counted(counts.differences, "difference", "differences"),
    ]
    if step.rate is not None:
        parts.append(_rate_text(step.rate))
    # A narrow terminal cuts the end.
    if step.newest is not None and step.lists == 1:
        parts.append(f"created up to {step.newest:%Y-%m-%d}")
    return ", ".join(parts)


def _rate_text(rate: RateLimit) -> str:
    return f"{rate.remaining:,} of {rate.limit:,} requests left"


def _clock_time(now: datetime, seconds: float) -> str:
    until = now + timedelta(seconds=seconds)
    return f"{until:%H:%M}" if seconds >= 60 else f"{until:%H:%M:%S}"
