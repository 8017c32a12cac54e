"""What to do about a wrong cell, by what stands in it: a suppressed count, a row of totals, a spreadsheet's day."""

from __future__ import annotations

import re

USUAL = "Correct the cell."
TOTALS = "Remove the row of totals: the file is counted up from its other rows."
SUPPRESSED = (
    "A count that its publisher suppressed is not known: ask for the figures, or leave this table out. Neither write 0 "
    "nor remove the row, for a row that is absent may count as none."
)

SERIAL_DAY = "A spreadsheet counts days so: format the column as a date, save the table and read it again."

_SERIAL_DAY = re.compile(r"[45][0-9]{4}(?:\.[0-9]+)?")
"""Days from 2009 to 2064 as spreadsheets count them."""

_TOTALS = frozenset({"total", "totals", "grand total", "sum", "all"})
_MARK = re.compile(
    r"[*#:.\-\u2013\u2014]{1,3}|[<\u2264]\s*[0-9]{1,2}|\[?[cszux]\]?|n/?a|suppressed|redacted|withheld", re.IGNORECASE
)


def is_total(label: str) -> bool:
    """Tell whether a label is that of a row of totals."""
    return " ".join(label.casefold().split()) in _TOTALS


def mend_of(cell: str, *, counted: bool = False, usual: str = USUAL) -> str:
    """Return what to do about a wrong cell.

    Args:
        cell: What stands in it.
        counted: Whether a count should stand there, which publishers suppress with marks such as `*`, `<5` or `[c]`.
        usual: What to do where the cell tells nothing.

    Returns:
        A sentence or two.
    """
    if is_total(cell):
        return TOTALS
    if not counted and _SERIAL_DAY.fullmatch(cell.strip()):
        return SERIAL_DAY
    return SUPPRESSED if counted and _MARK.fullmatch(cell.strip()) else usual
