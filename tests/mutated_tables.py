"""Tables written otherwise or spoilt: what people and spreadsheets do to a CSV file."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tests import ward_files as wf

Rows = list[list[str]]

FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "+2", "@SUM(A1:A2)", "-1+1", "=HYPERLINK(A1)", "1_0", "0x10", "1e1e1")
_LINE_ENDS = ("\n", "\r\n", "\r")


class Outcome(StrEnum):
    """What reading a spoilt file may end in."""

    SAME = "read, with the total of the unspoilt file"
    SHORTER = "refused, left aside, or read with a smaller total and the warning that it may be cut"
    REFUSED = "refused by the name of the file"
    NOT_BELIEVED = "refused, or left aside with a finding"
    SAME_OR_NOT = "read with the total of the unspoilt file, refused, or left aside with a finding"


@dataclass(frozen=True, kw_only=True)
class Original:
    """An unspoilt table.

    Attributes:
        name: Name of its file, without an ending.
        rows: Its header and rows.
        checked_column: Position of a column whose every cell is checked: a number, a day or a code.
    """

    name: str
    rows: Rows
    checked_column: int

    @property
    def text(self) -> str:
        """The table as CSV."""
        return wf.as_csv(self.rows)


@dataclass(frozen=True, kw_only=True)
class Spoilt:
    """A spoilt file.

    Attributes:
        name: Its name.
        content: Its bytes.
        outcome: What reading it may end in.
    """

    name: str
    content: bytes
    outcome: Outcome


Mutation = Callable[[random.Random, Original], Spoilt]


def _csv(original: Original, content: bytes, outcome: Outcome = Outcome.SAME) -> Spoilt:
    return Spoilt(name=f"{original.name}.csv", content=content, outcome=outcome)


def _delimited(rows: Sequence[Sequence[str]], mark: str, *, quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\n", quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode()


# Harmless: the same table in other clothes.


def re_encoded(drawn: random.Random, original: Original) -> Spoilt:
    text = original.text
    encodings = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
    encoding = drawn.choice(encodings)
    mark = "\ufeff" if encoding == "utf-16-be" and drawn.random() < 0.5 else ""
    return _csv(original, (mark + text).encode(encoding, errors="replace"))


def other_delimiter(drawn: random.Random, original: Original) -> Spoilt:
    return _csv(original, _delimited(original.rows, drawn.choice(";\t|")))


def all_quoted(drawn: random.Random, original: Original) -> Spoilt:
    return _csv(original, _delimited(original.rows, drawn.choice(",;"), quoting=csv.QUOTE_ALL))


def mixed_line_ends(drawn: random.Random, original: Original) -> Spoilt:
    lines = original.text.splitlines()
    return _csv(original, "".join(line + drawn.choice(_LINE_ENDS) for line in lines).encode())


def reordered_rows(drawn: random.Random, original: Original) -> Spoilt:
    rows = original.rows[1:]
    return _csv(original, wf.as_csv([original.rows[0], *drawn.sample(rows, len(rows))]).encode())


def _in_order(rows: Rows, order: Sequence[int]) -> Rows:
    return [[row[position] for position in order] for row in rows]


def reordered_columns(drawn: random.Random, original: Original) -> Spoilt:
    width = len(original.rows[0])
    return _csv(original, wf.as_csv(_in_order(original.rows, drawn.sample(range(width), width))).encode())


def empty_lines(drawn: random.Random, original: Original) -> Spoilt:
    header, *lines = original.text.splitlines()
    spaced = [line + "\n" * drawn.randint(1, 3) for line in lines]
    return _csv(original, (header + "\n" + "".join(spaced)).encode())


def blank_rows(drawn: random.Random, original: Original) -> Spoilt:
    """Rows of commas only, as spreadsheets leave them between and below the rows of a table."""
    rows = list(original.rows)
    for _ in range(drawn.randint(1, 5)):
        rows.insert(drawn.randrange(1, len(rows) + 1), [""] * len(rows[0]))
    return _csv(original, wf.as_csv(rows).encode())


def months_by_spreadsheet(drawn: random.Random, original: Original) -> Spoilt:
    """Month titles as a spreadsheet shows them; tables without such titles stay as they are."""
    shown = drawn.choice(["%b-%y", "%B %Y", "%m/%Y", "%d/%m/%Y", "%Y-%m-%d 00:00:00"])
    header = [
        date(int(name[:4]), int(name[4:]), 1).strftime(shown) if re.fullmatch("20[0-9]{4}", name) else name
        for name in original.rows[0]
    ]
    return _csv(original, wf.as_csv([header, *original.rows[1:]]).encode())


def empty_columns(drawn: random.Random, original: Original) -> Spoilt:
    extra = [""] * drawn.randint(1, 4)
    return _csv(original, wf.as_csv([[*row, *extra] for row in original.rows]).encode())


def title_above(drawn: random.Random, original: Original) -> Spoilt:
    titles = ["Crime by ward, all months", "Source: an official publisher;;", "", "Figures may change"]
    above = [[title] for title in drawn.choices(titles, k=drawn.randint(1, 10))]
    return _csv(original, (wf.as_csv(above) + original.text).encode())


def no_last_line_break(drawn: random.Random, original: Original) -> Spoilt:
    return _csv(original, original.text.rstrip("\n").encode())


# Harmful: the table is cut, or a cell of it spoilt.


def truncated(drawn: random.Random, original: Original) -> Spoilt:
    content = original.text.encode()
    return _csv(original, content[: drawn.randrange(1, len(content))], Outcome.SHORTER)


def _with_cell(original: Original, row: int, column: int, cell: str) -> bytes:
    rows = [list(row) for row in original.rows]
    rows[row][column] = cell
    return wf.as_csv(rows).encode()


def formula(drawn: random.Random, original: Original) -> Spoilt:
    row = drawn.randrange(1, len(original.rows))
    content = _with_cell(original, row, original.checked_column, drawn.choice(FORMULAS))
    return _csv(original, content, Outcome.REFUSED)


def suppressed(drawn: random.Random, original: Original) -> Spoilt:
    row = drawn.randrange(1, len(original.rows))
    content = _with_cell(original, row, original.checked_column, drawn.choice(["<5", "[c]", "**", ":"]))
    return _csv(original, content, Outcome.REFUSED)


def totals_below(drawn: random.Random, original: Original) -> Spoilt:
    totals = ["Total", *[""] * (len(original.rows[0]) - 1)]
    totals[original.checked_column] = "12"
    return _csv(original, wf.as_csv([*original.rows, totals]).encode(), Outcome.REFUSED)


def huge_cell(drawn: random.Random, original: Original) -> Spoilt:
    """An endless cell; in a column that is not looked at it does no harm."""
    row, column = drawn.randrange(1, len(original.rows)), drawn.randrange(len(original.rows[0]))
    content = _with_cell(original, row, column, "9" * drawn.randint(140_000, 500_000))
    return _csv(original, content, Outcome.REFUSED if column == original.checked_column else Outcome.SAME_OR_NOT)


def zero_byte(drawn: random.Random, original: Original) -> Spoilt:
    content = original.text.encode()
    position = drawn.randrange(len(content) - 1)
    return _csv(original, content[:position] + b"\x00" + content[position:], Outcome.NOT_BELIEVED)


def column_twice(drawn: random.Random, original: Original) -> Spoilt:
    column = original.checked_column
    return _csv(original, wf.as_csv([[*row, row[column]] for row in original.rows]).encode(), Outcome.REFUSED)


def header_again(drawn: random.Random, original: Original) -> Spoilt:
    rows = list(original.rows)
    rows.insert(drawn.randrange(1, len(rows) + 1), rows[0])
    return _csv(original, wf.as_csv(rows).encode(), Outcome.REFUSED)


def row_of_another_length(drawn: random.Random, original: Original) -> Spoilt:
    rows = [list(row) for row in original.rows]
    row = rows[drawn.randrange(1, len(rows))]
    if drawn.random() < 0.5:
        row.append("7")
    else:
        row.pop()
    return _csv(original, wf.as_csv(rows).encode(), Outcome.REFUSED)


def stray_quote(drawn: random.Random, original: Original) -> Spoilt:
    rows = original.text.splitlines(keepends=True)
    position = drawn.randrange(1, len(rows))
    rows[position] = '"' + rows[position]
    return _csv(original, "".join(rows).encode(), Outcome.REFUSED)


TABLE_MUTATIONS: tuple[Mutation, ...] = (
    re_encoded,
    other_delimiter,
    all_quoted,
    mixed_line_ends,
    reordered_rows,
    reordered_columns,
    empty_lines,
    blank_rows,
    months_by_spreadsheet,
    empty_columns,
    title_above,
    no_last_line_break,
    truncated,
    formula,
    suppressed,
    totals_below,
    huge_cell,
    zero_byte,
    column_twice,
    header_again,
    row_of_another_length,
    stray_quote,
)
"""Every way in which a table is written otherwise or spoilt here."""
