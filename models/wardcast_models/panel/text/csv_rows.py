"""Strict reading of CSV rows: every row has as many fields as the header, or the file is refused with its row."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.csv_columns import typed_columns

PROBLEMS_SHOWN = 20
"""Problems of one file that are told one by one; the rest are counted."""

ALIKE_SHOWN = 3
"""Of problems that differ by their row alone, so many are told; the rest are counted."""

_SHORTENED = re.compile(r"\d(\.\d+)?e\+\d+")
_NOT_BY_SPREADSHEET = (
    "A spreadsheet has shortened the numbers of the header, so that its months are lost: fetch the file again and read "
    "it as it comes."
)
"""What a spreadsheet makes of 202304 in a narrow column, and what to do then."""

CUT_OFF = "The file was cut off: fetch or save it again."


@dataclass(kw_only=True)
class FileProblems:
    """Collects what is wrong with one file, so that all of it is told at once.

    Attributes:
        file: The file's name.
        problems: Problems found, at most `PROBLEMS_SHOWN`, and of those that differ by their row alone `ALIKE_SHOWN`.
        more: How many more there were.
        alike: How often each was found, whatever its row.
    """

    file: str
    problems: list[Problem] = field(default_factory=list)
    more: int = 0
    alike: Counter[tuple[str, str, str | None]] = field(default_factory=Counter)

    def add(self, *, expected: str, found: str, mend: str, row: int | None = None, column: str | None = None) -> None:
        """Note one problem.

        Args:
            expected: What would have been right.
            found: What was there instead.
            mend: What to do about it.
            row: Line of the file, counting the header as 1.
            column: Column name.
        """
        same = (expected, found, column)
        self.alike[same] += 1
        if len(self.problems) >= PROBLEMS_SHOWN or self.alike[same] > ALIKE_SHOWN:
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
        more = f" {len(self.problems)} of its {len(self.problems) + self.more:,} problems are listed."
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
    """Note columns that stand twice in the header; columns without a name, as spreadsheets leave them, may.

    Args:
        source: The file.
        problems: Where to note them.
    """
    written = {name.lower(): name for name in filter(None, source.header)}
    for lower, times in Counter(name.lower() for name in source.header).items():
        if lower in written and times > 1:
            shortened = _SHORTENED.fullmatch(lower)
            problems.add(
                row=source.header_line,
                column=written[lower],
                expected="each column once",
                found=f"{written[lower]} more than once ({times} times)",
                mend=_NOT_BY_SPREADSHEET if shortened else "Remove the repeated column.",
            )


def columns(
    source: SourceFile, problems: FileProblems, positions: Sequence[int]
) -> tuple[Sequence[int], list[list[str]]]:
    """Read the data rows whole, by columns: the quick way where it can be sure, else row by row.

    Args:
        source: The file.
        problems: Where to note what is wrong, as `rows` does.
        positions: Positions in the header of the columns to keep; at least one.

    Returns:
        Line of the file of each row (the header of a plain file is 1), and the texts of each column kept.
    """
    table = typed_columns(source, only=positions)
    if table is not None:
        first = source.header_line + 1
        return range(first, first + table.num_rows), [column.to_pylist() for column in table.columns]
    lines: list[int] = []
    cells: list[list[str]] = []
    for line, row in rows(source, problems):
        lines.append(line)
        cells.append([row[position] for position in positions])
    return lines, [list(column) for column in zip(*cells, strict=True)] or [[] for _ in positions]


def rows(source: SourceFile, problems: FileProblems) -> Iterator[tuple[int, list[str]]]:
    """Yield the data rows with their line numbers; rows of the wrong length are noted and left out, empty ones passed.

    Args:
        source: The file.
        problems: Where to note rows that are cut, short or long, and a file without rows.

    Yields:
        Line of the file (the header of a plain file is 1) and the row's fields.
    """
    stream = source.stream()
    above = source.header_line - 1
    for _ in range(above):
        stream.readline()
    reader = csv.reader(stream, delimiter=source.separator, strict=True)
    width = len(source.header)
    short: tuple[int, int] | None = None
    found_any = False
    try:
        next(reader)
        for row in reader:
            line = above + reader.line_num
            if short is not None:
                _note_length(problems, *short, width)
                short = None
            if not any(map(str.strip, row)):
                continue  # an empty line, or the commas that spreadsheets leave of one
            if len(row) == width:
                found_any = True
                if "\0" in "".join(row):
                    problems.add(row=line, expected="text", found="a zero byte", mend="Fetch the file again.")
                else:
                    yield line, row
            else:
                found_any = True
                short = (line, len(row))  # told with the next row, since the last one may have been cut
    except csv.Error as error:
        problems.add(row=above + reader.line_num, expected="a well-formed CSV row", found=str(error), mend=CUT_OFF)
        return
    if short is not None:
        _note_length(problems, *short, width, cut=short[1] < width and not source.ends_with_line_break)
    if not found_any:
        problems.add(expected="rows below the header", found="a header only", mend="Supply the whole file.")


def _note_length(problems: FileProblems, line: int, fields: int, width: int, *, cut: bool = False) -> None:
    ending = ", and the file ends there without a line break" if cut else ""
    problems.add(
        row=line,
        expected=f"{width} fields",
        found=f"{fields}{ending}",
        mend=CUT_OFF if cut else "Mend or remove the row.",
    )
