"""Small tables read whole, with typed columns whose every wrong cell is told with its row."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import pandas as pd
from pandas.api.typing import NaTType

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.cells import (
    COUNT_LIMIT,
    key_text,
    parse_count,
    parse_date,
    parse_gss_code,
    parse_mid_year,
    parse_month,
    parse_name,
    parse_number,
    parse_small_area_code,
    parse_ward_code,
)
from wardcast_models.panel.text.csv_rows import FileProblems, check_header, columns
from wardcast_models.panel.text.future import is_future, refuse_future
from wardcast_models.panel.text.mends import mend_of
from wardcast_models.panel.text.written_months import DAYS_FOR_MONTHS, days_for_months

_T = TypeVar("_T")
_E = TypeVar("_E")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A CSV file as text columns.

    Attributes:
        file: The file's name.
        lines: Line of the file of each row.
        columns: Text of each column by lower-case name.
        names: Column names as written, by lower-case name.
        problems: Where wrong cells are noted.
        read_on: Day of the reading: counts of a later month are refused.
    """

    file: str
    lines: tuple[int, ...]
    columns: dict[str, list[str]]
    names: dict[str, str]
    problems: FileProblems
    read_on: date

    def __len__(self) -> int:
        return len(self.lines)

    def where(self, keep: Iterable[bool]) -> Table:
        """Return the rows for which `keep` is true.

        Args:
            keep: One truth value a row.

        Returns:
            The smaller table; it shares the problem list.
        """
        chosen = [position for position, kept in enumerate(keep) if kept]
        return replace(
            self,
            lines=tuple(self.lines[position] for position in chosen),
            columns={key: [cells[position] for position in chosen] for key, cells in self.columns.items()},
        )

    def text(self, column: str) -> list[str]:
        """Return a column's cells, stripped.

        Args:
            column: Lower-case name.

        Returns:
            One text a row.
        """
        return [cell.strip() for cell in self.columns[column]]

    def convert(
        self, column: str, parse: Callable[[str], _T], *, expected: str, default: _T, counted: bool = False
    ) -> list[_T]:
        """Convert a column, noting each cell that will not.

        Args:
            column: Lower-case name.
            parse: Turns a cell into a value; raises ValueError where it cannot.
            expected: What a right cell is, for the problem.
            default: Stands for a wrong cell (the file is then refused anyway).
            counted: Whether the column holds counts, which may have been suppressed.

        Returns:
            One value a row.
        """
        known: dict[str, _T] = {}
        values: list[_T] = []
        for line, cell in zip(self.lines, self.columns[column], strict=True):
            if cell not in known:
                try:
                    known[cell] = parse(cell.strip())
                except ValueError:
                    self.problems.add(
                        row=line,
                        column=self.names[column],
                        expected=expected,
                        found=repr(cell.strip()) if cell.strip() else "nothing",
                        mend=mend_of(cell, counted=counted),
                    )
                    values.append(default)
                    continue
            values.append(known[cell])
        return values

    def counts(self, column: str) -> list[int]:
        """Return a column of whole numbers, 0 or more."""
        expected = f"a whole number, 0 or more and below {COUNT_LIMIT:,}"
        return self.convert(column, parse_count, expected=expected, default=0, counted=True)

    def numbers(self, column: str, *, least: float = 0.0, most: float = math.inf) -> list[float]:
        """Return a column of numbers between `least` and `most`."""

        def parse(cell: str) -> float:
            value = parse_number(cell)
            if not least <= value <= most:
                raise ValueError(cell)
            return value

        limit = f"{least:g} or more" if math.isinf(most) else f"from {least:g} to {most:g}"
        return self.convert(column, parse, expected=f"a number, {limit}", default=least, counted=True)

    def months(self, column: str) -> list[pd.Timestamp]:
        """Return a column of months, as month starts; days instead of months are refused where they may be none."""
        months = self.convert(column, parse_month, expected="a month as YYYY-MM", default=pd.Timestamp("1900-01-01"))
        odd = days_for_months(self.text(column))
        if odd is not None:
            self.problems.add(
                row=self.lines[self.text(column).index(odd)],
                column=self.names[column],
                expected="months as YYYY-MM",
                found=f"{odd}, and the same day in every other month",
                mend=DAYS_FOR_MONTHS,
            )
        return months

    def counted_months(self, column: str) -> list[pd.Timestamp]:
        """Return a column of months in which something was counted, as month starts: none of them is to come."""
        return self.begun(column, self.months(column))

    def begun(self, column: str, days: list[pd.Timestamp]) -> list[pd.Timestamp]:
        """Return the days of a column, noting each that lies in a month to come.

        Args:
            column: Lower-case name of the column.
            days: Its days or month starts, one a row.

        Returns:
            The same days.
        """
        if days and is_future(max(days), self.read_on):  # a street file has many rows, and hardly ever such a one
            for line, text, day in zip(self.lines, self.text(column), days, strict=True):
                if is_future(day, self.read_on):
                    refuse_future(self.problems, self.read_on, found=text, row=line, column=self.names[column])
        return days

    def first_lines(self, codes: Sequence[str]) -> dict[str, int]:
        """Return the line on which each code stands first.

        Args:
            codes: One a row.

        Returns:
            Line of the file by code.
        """
        return dict(zip(reversed(codes), reversed(self.lines), strict=True))

    def numbers_if_any(self, column: str, *, most: float = math.inf) -> list[float]:
        """Return a column of numbers from 0 to `most` that may be absent or have empty cells: NaN there."""
        return self._where_filled(column, lambda filled: filled.numbers(column, most=most), math.nan)

    def months_if_any(self, column: str) -> list[pd.Timestamp | NaTType]:
        """Return a column of months that may be absent or have empty cells: NaT there."""
        return self._where_filled(column, lambda filled: filled.months(column), pd.NaT)

    def _where_filled(self, column: str, read: Callable[[Table], list[_T]], empty: _E) -> list[_T | _E]:
        """Read the rows in which an optional column is filled; `empty` stands for the others."""
        filled = [bool(cell.strip()) for cell in self.columns.get(column, [""] * len(self))]
        found = iter(read(self.where(filled)) if any(filled) else ())
        return [next(found) if is_filled else empty for is_filled in filled]

    def mid_years(self, column: str) -> list[pd.Timestamp]:
        """Return a column of years as their 1 July."""
        return self.convert(column, parse_mid_year, expected="a year as YYYY", default=pd.Timestamp("1900-07-01"))

    def dates(self, column: str) -> list[pd.Timestamp]:
        """Return a column of days as YYYY-MM-DD."""
        return self.convert(column, parse_date, expected="a day as YYYY-MM-DD", default=pd.Timestamp("1900-01-01"))

    def codes(self, column: str) -> list[str]:
        """Return a column of nine-character GSS codes."""
        return self.convert(column, parse_gss_code, expected="a GSS code such as E05014053", default="")

    def wards(self, column: str = "ward_code") -> list[str]:
        """Return a column of ward codes; whether there are such wards is for the assembly to say."""
        return self.convert(column, parse_ward_code, expected="a ward code such as E05014053", default="")

    def small_areas(self, column: str) -> list[str]:
        """Return a column of codes of small areas."""
        return self.convert(column, parse_small_area_code, expected="a small-area code such as E01000006", default="")

    def names_of_things(self, column: str) -> list[str]:
        """Return a column of names, none of them empty."""
        return self.convert(column, parse_name, expected="a name", default="")

    def refuse_repeats(self, frame: pd.DataFrame, keys: list[str]) -> None:
        """Note every row whose key stands twice.

        Args:
            frame: One row a row of the table, in the table's order.
            keys: Columns of the frame that together have to be unique.
        """
        for position in frame.index[frame.duplicated(keys)]:
            row = frame.loc[position]
            self.problems.add(
                row=self.lines[position],
                expected=f"each {', '.join(keys)} once",
                found=f"{', '.join(key_text(row[key]) for key in keys)} again",
                mend="Remove the repeated row.",
            )

    def read_finding(self, message: str, months: Sequence[pd.Timestamp] = ()) -> Finding:
        """Return the finding that the table was read.

        Args:
            message: What it holds.
            months: Months it covers, if it is monthly.

        Returns:
            The finding.
        """
        return Finding(
            kind=FindingKind.READ,
            file=self.file,
            message=message,
            rows=len(self),
            first_month=f"{min(months):%Y-%m}" if len(months) else None,
            last_month=f"{max(months):%Y-%m}" if len(months) else None,
        )


def read_table(source: SourceFile, *required: str, only: Collection[str] | None = None) -> Table:
    """Read a recognised CSV file whole.

    Args:
        source: The file.
        *required: Lower-case names of columns that have to be there.
        only: Lower-case names of the columns to keep, so that others are never held; None keeps all.

    Returns:
        Its columns as text.

    Raises:
        WardcastError: A required column is absent, a row is cut, too short or too long, a column stands twice, or
            there is no row at all.
    """
    problems = FileProblems(file=source.name)
    check_header(source, problems)
    for name in required:
        if name not in source.columns:
            problems.add(row=source.header_line, expected=f"a column {name}", found="none", mend="Add the column.")
    wanted = [position for position, name in enumerate(source.header) if only is None or name.lower() in only]
    lines, texts = columns(source, problems, wanted)
    problems.raise_if_any()
    written = [source.header[position] for position in wanted]
    names = [name.lower() for name in written]
    return Table(
        file=source.name,
        lines=tuple(lines),
        columns=dict(zip(names, texts, strict=True)),
        names=dict(zip(names, written, strict=True)),
        problems=problems,
        read_on=source.read_on,
    )
