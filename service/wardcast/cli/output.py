"""What the command line shows: progress and tables for people, one JSON document for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.progress import Progress as ProgressCallback

EXIT_CODES = {
    ErrorKind.INTERNAL: 1,
    ErrorKind.INVALID_INPUT: 2,
    ErrorKind.NOT_FOUND: 2,
    ErrorKind.INFEASIBLE: 3,
    ErrorKind.CONFLICT: 4,
}
"""Exit code by kind of failure; 0 is success, `NOT_THE_SAME` a rerun that gives other numbers and 130 an interrupt."""

NOT_THE_SAME = 5
"""Exit code of a rerun that gives other numbers: the command did its work, so this is no kind of failure."""


@dataclass(frozen=True, kw_only=True)
class Output:
    """Where a command writes.

    People read tables on standard output and progress on standard error; with `as_json`, standard output holds one
    JSON document and nothing else.

    Attributes:
        quiet: Show results only, no progress and no notes.
        as_json: Write one JSON document instead of tables.
    """

    quiet: bool = False
    as_json: bool = False
    console: Console = field(default_factory=lambda: Console(soft_wrap=True))
    error_console: Console = field(default_factory=lambda: Console(stderr=True, soft_wrap=True))

    @contextmanager
    def progress(self, title: str) -> Iterator[ProgressCallback]:
        """Show how far long work is: a bar on a terminal, plain lines elsewhere.

        Args:
            title: What is being done.

        Yields:
            The callback to report to.
        """
        if self.quiet:
            yield lambda _fraction, _phrase: None
        elif self.error_console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
            with Progress(*columns, console=self.error_console, transient=True) as bar:
                task = bar.add_task(title, total=1.0)
                yield lambda fraction, phrase: bar.update(task, completed=fraction, description=phrase)
        else:
            yield _PlainLines(self.error_console)

    def say(self, text: str = "") -> None:
        """Tell a person something that is not the result.

        Args:
            text: One line or paragraph.
        """
        if not self.quiet and not self.as_json:
            self.console.print(text, markup=False, highlight=False)

    def state(self, text: str) -> None:
        """State a part of the result, or what it must not be read without; `quiet` does not silence it.

        Args:
            text: One line or paragraph.
        """
        if not self.as_json:
            self.console.print(text, markup=False, highlight=False)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Show a table; columns whose cells are all numbers are set right.

        Args:
            title: Title above it.
            columns: Column heads.
            rows: Cells by row.
        """
        if self.as_json:
            return
        table = Table(title=title, title_justify="left", title_style="bold")
        for position, name in enumerate(columns):
            numeric = bool(rows) and all(isinstance(row[position], int | float) for row in rows)
            table.add_column(name, justify="right" if numeric else "left", overflow="fold")
        for row in rows:
            table.add_row(*(_cell(value) for value in row))
        self.console.print(table)

    def result(self, document: Mapping[str, Any] | Sequence[Any]) -> None:
        """Write the result for programs; nothing where tables were asked for.

        Args:
            document: JSON-ready value.
        """
        if self.as_json:
            json.dump(document, sys.stdout, indent=2, ensure_ascii=False, default=str)
            sys.stdout.write("\n")

    def failure(self, error: WardcastError) -> int:
        """Tell what went wrong and how to mend it.

        Args:
            error: The failure.

        Returns:
            The exit code.
        """
        if self.as_json:
            problems = [vars(problem) for problem in error.problems]
            self.result({"error": {"kind": error.kind.value, "message": error.message, "problems": problems}})
        self.error_console.print(f"error: {error.message}", markup=False, highlight=False, style="bold red")
        for problem in error.problems:
            self.error_console.print(f"  {problem.where}", markup=False, highlight=False, style="bold")
            self.error_console.print(f"    expected  {problem.expected}", markup=False, highlight=False)
            self.error_console.print(f"    found     {problem.found}", markup=False, highlight=False)
            self.error_console.print(f"    to mend   {problem.mend}", markup=False, highlight=False)
        return EXIT_CODES[error.kind]


@dataclass(kw_only=False)
class _PlainLines:
    """Progress as lines, one a phrase, for logs."""

    console: Console
    last: str = ""

    def __call__(self, fraction: float, phrase: str) -> None:
        if phrase != self.last:
            self.console.print(f"[{fraction:4.0%}] {phrase}", markup=False, highlight=False)
            self.last = phrase


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
