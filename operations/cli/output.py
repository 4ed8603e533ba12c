"""What commands print: results on stdout, progress and next steps on stderr.

Owns the form of tables, JSON and progress. Text that does not go to a terminal has no colours, no
progress, and lines of any length.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

_ENDLESS = 10_000
"""The width of output that is not a terminal, so that no line wraps."""


Step = Callable[[float], None]
"""Advances a progress bar by a part of its total."""


class Output:
    """The output of one command, as text or as one JSON document."""

    def __init__(self, *, is_json: bool = False) -> None:
        self.is_json = is_json
        self._progress: Progress | None = None

    @property
    def is_interactive(self) -> bool:
        """Whether a person can reply."""
        return not self.is_json and sys.stdin.isatty() and sys.stderr.isatty()

    def document(self, value: object) -> None:
        """Print the result as JSON, if the user wants JSON."""
        if self.is_json:
            click.echo(json.dumps(value, indent=2))

    def line(self, text: str = "") -> None:
        """Print a line of the result, unless the user wants JSON."""
        if not self.is_json:
            with self._between_progress():
                click.echo(text)

    def table(self, *heads: str, rows: Sequence[Sequence[str]]) -> None:
        """Print aligned columns, unless the user wants JSON."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for head in heads:
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(*row)
        self.show(table)

    def show(self, renderable: RenderableType) -> None:
        """Print something of rich, unless the user wants JSON."""
        if not self.is_json:
            with self._between_progress():
                click.echo(_text(renderable))

    def note(self, text: str) -> None:
        """Print a hint for people on stderr, so that it is not part of the result."""
        with self._between_progress():
            click.echo(text, err=True)

    @contextmanager
    def progress(self, title: str, total: float) -> Iterator[Step]:
        """Show a bar on stderr, if that is a terminal, until the context ends."""
        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with self._bar(title, total, *columns) as step:
            yield step

    @contextmanager
    def waiting(self, title: str) -> Iterator[None]:
        """Show for how long the command waits, until the context ends, if stderr is a terminal."""
        with self._bar(title, None, SpinnerColumn(), TimeElapsedColumn()):
            yield

    @contextmanager
    def _bar(self, title: str, total: float | None, *columns: ProgressColumn) -> Iterator[Step]:
        console = Console(stderr=True)
        bar = Progress(
            TextColumn("{task.description}"), *columns, console=console, transient=True,
            disable=not console.is_terminal, redirect_stdout=False, redirect_stderr=False,
        )  # fmt: skip
        task = bar.add_task(title, total=total)
        with bar:
            self._progress = bar
            try:
                yield lambda done: bar.advance(task, done)
            finally:
                self._progress = None

    @contextmanager
    def _between_progress(self) -> Iterator[None]:
        """Take the bar off the screen while something else is printed."""
        bar = self._progress
        if bar is None:
            yield
            return
        bar.stop()
        yield
        bar.start()


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun, such as `1 row` and `2 rows`."""
    return f"{number:,} {one if number == 1 else many}"


def _text(renderable: RenderableType) -> str:
    console = Console()
    if not console.is_terminal:
        console.width = _ENDLESS
    with console.capture() as capture:
        console.print(renderable)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())
