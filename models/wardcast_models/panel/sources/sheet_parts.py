"""The parts of a workbook, parsed once for what its reader does not tell: extents, errors, formulas without a value."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from wardcast_models.panel.sources.refusals import damaged

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_KIND = "Excel workbook"
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


@dataclass(kw_only=True)
class SheetCells:
    """Where the filled cells of a sheet stand.

    Attributes:
        rows: Last row with a filled cell.
        columns: Last column with a filled cell.
        texts: Text of the cells that hold an error or a formula without a value, by row, then by column, from 1.
        formulas: References of the formulas without a value, such as `G3`.
    """

    rows: int = 0
    columns: int = 0
    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    formulas: list[str] = field(default_factory=list)


class _SheetParser:
    """Follows the cells of a sheet; of any other part it finds that it is well-formed and has none."""

    def __init__(self, name: str) -> None:
        self.cells = SheetCells()
        self._name = name
        self._row = self._column = 0
        self._error = False
        self._formula: list[str] | None = None
        self._value: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    def parse(self, part: bytes) -> None:
        self._parser.Parse(part, True)
        self._finish_cell()

    def _refuse_doctype(self, *_: object) -> None:
        raise damaged(self._name, _KIND, "a document type, which workbooks do not have")

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        tag = element.rpartition(":")[2]
        if tag == "c":
            self._finish_cell()
            self._start_cell(attributes)
        elif tag == "row":
            self._finish_cell()
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif tag in {"v", "is", "f"} and self._column:
            self.cells.rows = max(self.cells.rows, self._row)
            self.cells.columns = max(self.cells.columns, self._column)
            if tag == "f":
                self._formula = []
                self._parser.CharacterDataHandler = self._formula.append
            elif self._error or self._formula is not None:
                self._parser.CharacterDataHandler = self._value.append

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = int(reference[2]), _column_number(reference[1])
        self._error = attributes.get("t") == "e"

    def _finish_cell(self) -> None:
        if self._error or self._formula is not None:
            value = "".join(self._value).strip()
            if self._error and value:
                self._keep(value)
            elif self._formula is not None and not value:
                self._keep("=" + " ".join("".join(self._formula).split()))
                self.cells.formulas.append(f"{_column_letters(self._column)}{self._row}")
            self._parser.CharacterDataHandler = None
        self._error, self._formula, self._value = False, None, []

    def _keep(self, text: str) -> None:
        self.cells.texts.setdefault(self._row, {})[self._column] = text


def check_part(part: bytes, *, name: str) -> SheetCells:
    """Parse one part of a workbook.

    Args:
        part: The part, XML.
        name: Its name, for the error.

    Returns:
        Where its cells stand; no cells where it is no sheet.

    Raises:
        WardcastError: It is not well-formed.
    """
    parser = _SheetParser(name)
    try:
        parser.parse(part)
    except (expat.ExpatError, ValueError) as error:
        raise damaged(name, _KIND, str(error)) from error
    return parser.cells


def sheet_parts(archive: zipfile.ZipFile, *, name: str) -> dict[str, str]:
    """Return the part of each sheet with cells by the sheet's name, in the order of the workbook.

    Args:
        archive: The open workbook.
        name: Its name, for the error.

    Returns:
        Parts such as `xl/worksheets/sheet1.xml` by sheet name.

    Raises:
        WardcastError: A part is not well-formed.
        KeyError: The workbook has no list of its parts.
    """
    targets = {
        relation["Id"]: relation.get("Target", "")
        for relation in _elements(archive.read(_RELATIONS), "Relationship", name)
        if "Id" in relation
    }
    parts: dict[str, str] = {}
    for sheet in _elements(archive.read(_BOOK), "sheet", name):
        relation_id = next((value for key, value in sheet.items() if key.rpartition(":")[2] == "id"), "")
        target = targets.get(relation_id, "")
        parts[sheet.get("name", "")] = target.removeprefix("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
    return parts


def _elements(part: bytes, tag: str, name: str) -> list[dict[str, str]]:
    """Return the attributes of every element of one name."""
    found: list[dict[str, str]] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if element.rpartition(":")[2] == tag:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise damaged(name, _KIND, str(error)) from error
    return found


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
