"""Strict reading of CSV rows: every row has as many fields as the header, or the file is refused with its row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.panel.source import SourceFile

PROBLEMS_SHOWN = 20
"""Problems of one file that are told one by one; the rest are counted."""

CUT_OFF = "The file was cut off: fetch or save it again."


@dataclass(kw_only=True)
class FileProblems:
    """Collects what is wrong with one file, so that all of it is told at once.

    Attributes:
        file: The file's name.
        problems: Problems found, at most `PROBLEMS_SHOWN`.
        more: How many more there were.
    """

    file: str
    problems: list[Problem] = field(default_factory=list)
    more: int = 0

    def add(self, *, expected: str, found: str, mend: str, row: int | None = None, column: str | None = None) -> None:
        """Note one problem.

        Args:
            expected: What would have been right.
            found: What was there instead.
            mend: What to do about it.
            row: Line of the file, counting the header as 1.
            column: Column name.
        """
        if len(self.problems) >= PROBLEMS_SHOWN:
            self.more += 1
            return
        where = self.file
        if row is not None:
            where += f", row {row}"
        if column is not None:
            where += f", column {column}"
        self.problems.append(Problem(where=where, expected=expected, found=found, mend=mend))

    def error(self) -> WardcastError:
        """Return the error that tells all problems of the file."""
        more = f" The first {len(self.problems)} of {len(self.problems) + self.more} problems are listed."
        message = f"{self.file} is recognised but broken." + (more if self.more else "")
        return invalid_input(message, *self.problems)

    def raise_if_any(self) -> None:
        """Raise the error if anything was noted.

        Raises:
            WardcastError: Something was noted.
        """
        if self.problems:
            raise self.error()


def check_header(source: SourceFile, problems: FileProblems) -> None:
    """Note columns that stand twice in the header.

    Args:
        source: The file.
        problems: Where to note them.
    """
    seen: set[str] = set()
    for name in source.header:
        if name.lower() in seen:
            problems.add(
                row=1,
                column=name,
                expected="each column once",
                found=f"{name} more than once",
                mend="Remove the repeated column.",
            )
        seen.add(name.lower())


def rows(source: SourceFile, problems: FileProblems) -> Iterator[tuple[int, list[str]]]:
    """Yield the data rows with their line numbers; rows of the wrong length are noted and left out.

    Args:
        source: The file.
        problems: Where to note rows that are cut, short or long, and a file without rows.

    Yields:
        Line of the file (the header is 1) and the row's fields.
    """
    stream = io.StringIO(source.text, newline="")
    reader = csv.reader(stream, delimiter=source.separator, strict=True)
    next(reader)
    width = len(source.header)
    found_any = False
    unfinished = not source.text.endswith(("\n", "\r"))
    try:
        for row in reader:
            if len(row) == width:
                found_any = True
                yield reader.line_num, row
            elif row:
                found_any = True
                cut = unfinished and len(row) < width and stream.tell() == len(source.text)
                ending = ", and the file ends there without a line break" if cut else ""
                problems.add(
                    row=reader.line_num,
                    expected=f"{width} fields",
                    found=f"{len(row)}{ending}",
                    mend=CUT_OFF if cut else "Mend or remove the row.",
                )
    except csv.Error as error:
        problems.add(row=reader.line_num, expected="a well-formed CSV row", found=str(error), mend=CUT_OFF)
        return
    if not found_any:
        problems.add(expected="rows below the header", found="a header only", mend="Supply the whole file.")
