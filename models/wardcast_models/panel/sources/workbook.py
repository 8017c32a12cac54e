"""Excel workbooks (XLSX): every sheet a source; values as last calculated, macros and links never followed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.sources.cell_text import cell_text, csv_bytes
from wardcast_models.panel.sources.limits import Limits
from wardcast_models.panel.sources.refusals import damage_told, damaged, holds_too_much
from wardcast_models.panel.sources.sheet_parts import SheetCells, check_part, sheet_parts
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.sources.zipped import checked_members, member_bytes, shown

_KIND = "Excel workbook"
_BOOK = "xl/workbook.xml"
_DOCUMENT_MEMBERS = frozenset({"[Content_Types].xml", "mimetype"})
"""What Office and OpenDocument files hold beside their parts."""

_FORMULAS_NAMED = 5
_READER_FAULT = "PanicException"


def is_workbook(file: IO[bytes]) -> bool:
    """Tell whether a file is an XLSX workbook."""
    return _BOOK in _names(file)


def is_office_document(file: IO[bytes]) -> bool:
    """Tell whether a zip file is one document, such as a workbook or a letter, and no archive of files."""
    return not _DOCUMENT_MEMBERS.isdisjoint(_names(file))


def _names(file: IO[bytes]) -> frozenset[str]:
    try:
        with zipfile.ZipFile(file) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return frozenset()


def workbook_sources(content: bytes, *, name: str, limits: Limits) -> Iterator[SourceFile]:
    """Read every sheet of a workbook that has cells.

    The parts are parsed once before the workbook is read for its values: the reader keeps a sheet as one block of rows
    and columns, so a single cell far out would fill the memory; and it drops formulas that were never calculated and
    cells that hold an error, which have to be told.

    Args:
        content: The workbook.
        name: Its name.
        limits: Most bytes, unpacked, and cells.

    Yields:
        A source for each sheet, as CSV text whose lines are the rows of the sheet; one empty source where no sheet has
        cells.

    Raises:
        WardcastError: The workbook is damaged or holds too much.
    """
    cells = _checked_cells(content, name, limits)
    found_any = False
    with _damage_by_reader(name):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet, filled in cells.items():
            if filled.rows:
                found_any = True
                yield _sheet_source(f"{name}: {shown(sheet)}", book.get_sheet_by_name(sheet), filled, limits)
    if not found_any:
        yield SourceFile(name=name, content=b"")


@contextmanager
def _damage_by_reader(name: str) -> Iterator[None]:
    try:
        yield
    except (CalamineError, OSError, ValueError) as error:
        raise damaged(name, _KIND, str(error)) from error
    except BaseException as error:
        # A fault inside the reader, which is Rust, comes as a class of its own that no module exports.
        if type(error).__name__ != _READER_FAULT:
            raise
        raise damaged(name, _KIND, f"a part that its reader cannot follow ({error})") from error


def _checked_cells(content: bytes, name: str, limits: Limits) -> dict[str, SheetCells]:
    """Return where the cells of each sheet stand, having read every part of the workbook within the limits."""
    parts: dict[str, SheetCells] = {}
    with damage_told(name, _KIND), zipfile.ZipFile(io.BytesIO(content)) as archive:
        left = limits.source_bytes
        for member in checked_members(archive, name=name, limits=limits):
            part = member_bytes(archive, member, name=name, limits=limits)
            left -= len(part)
            if left < 0:
                raise holds_too_much(name, f"a workbook of at most {limits.source_bytes:,} bytes, unpacked")
            if member.filename.endswith(".xml"):
                parts[member.filename] = check_part(part, name=f"{name}: {shown(member.filename)}")
        named = sheet_parts(archive, name=name)
    cells = {sheet: parts[part] for sheet, part in named.items() if part in parts}
    if len(cells) < len(named):
        raise damaged(name, _KIND, f"no part for the sheet {shown(min(named.keys() - cells.keys()))!r}")
    spread = max((found.rows * found.columns for found in cells.values()), default=0)
    if spread > limits.cells:
        raise holds_too_much(
            name, f"sheets of at most {limits.cells:,} cells, rows times columns", f"a sheet of {spread:,} cells"
        )
    return cells


def _sheet_source(name: str, sheet: CalamineSheet, cells: SheetCells, limits: Limits) -> SourceFile:
    """Return one sheet, cut to the columns that are filled; errors and formulas without a value stand as their text."""
    rows = _rows(sheet, cells)
    return SourceFile(name=name, content=csv_bytes(rows, name=name, limits=limits), findings=_uncalculated(name, cells))


def _rows(sheet: CalamineSheet, cells: SheetCells) -> Iterator[list[str]]:
    """Yield the texts of each row from the first of the sheet, whether or not it is filled."""
    indent = [""] * (sheet.start[1] if sheet.start else 0)
    values = iter(sheet.iter_rows())
    for number in range(1, cells.rows + 1):
        texts = [*indent, *map(cell_text, next(values, []))][: cells.columns]
        texts.extend([""] * (cells.columns - len(texts)))
        for column, text in cells.texts.get(number, {}).items():
            texts[column - 1] = text
        yield texts


def _uncalculated(name: str, cells: SheetCells) -> tuple[Finding, ...]:
    if not cells.formulas:
        return ()
    named = ", ".join(cells.formulas[:_FORMULAS_NAMED])
    more = f" and {len(cells.formulas) - _FORMULAS_NAMED} more" if len(cells.formulas) > _FORMULAS_NAMED else ""
    message = (
        f"Formulas without a calculated value: {named}{more}. Open the workbook in a spreadsheet, save it and read it "
        "again."
    )
    return (Finding(kind=FindingKind.CAVEAT, file=name, message=message),)
