"""An address file of one's own, as it is written."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from wardcast_models.errors import Problem, WardcastError, invalid_input


def own_rows(path: Path, *, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a table of one's own.

    Args:
        path: The file.
        columns: Columns of the address table, `id` first.

    Returns:
        Its rows, without the cells left empty.

    Raises:
        WardcastError: It cannot be read, or has no such columns.
    """
    expected = f"a CSV file with the column id and any of {', '.join(columns[1:])}"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = list(reader.fieldnames or [])
            read = list(reader)
    except OSError as error:
        found = error.strerror or str(error)
        raise _unusable(path, "a file that can be read", found, mend="Check the path.") from error
    except UnicodeDecodeError as error:
        mend = "Save it from the spreadsheet as CSV UTF-8."
        raise _unusable(path, "a CSV file in UTF-8", "other characters", mend=mend) from error
    except csv.Error as error:
        raise _unusable(path, expected, str(error)) from error
    if "id" not in names or set(names) - set(columns):
        mend = "Write these names in the first row, with commas between them."
        raise _unusable(path, expected, f"the columns {', '.join(names) or 'none'}", mend=mend)
    if any(None in row for row in read):
        raise _unusable(path, "rows as long as the header", "a longer one: quote a cell that has a comma in it")
    if not all(row["id"] for row in read):
        raise _unusable(path, "an id in every row", "a row without one")
    return [{name: cell.strip() for name, cell in row.items() if cell} for row in read]


def _unusable(path: Path, expected: str, found: str, *, mend: str = "Correct the file.") -> WardcastError:
    problem = Problem(where=f"--addresses {path.name}", expected=expected, found=found, mend=mend)
    return invalid_input("The address file cannot be read.", problem)
