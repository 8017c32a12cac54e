"""A file of column mappings, for tables whose layout nobody foresaw: their columns told in the names of a known one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.form_file import Form, checked_form, read_form
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.readers import LAYOUTS
from wardcast_models.panel.readers.reader import HasColumns, Reader
from wardcast_models.panel.sources.cell_text import on_one_line
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.csv_rows import FileProblems, check_header, rows

MAPPING_KEY = "wardcast_columns"
"""Top key of a mapping file, by which it is recognised."""

_KEY_LINE = re.compile(rf"""^(?:\ufeff)?\s*\{{?\s*["']?{MAPPING_KEY}["']?\s*:""", re.MULTILINE)
_ANY_KEY_LINE = re.compile(r"""^(?:\ufeff)?["']?([A-Za-z][\w -]{0,40})["']?\s*:\s*$""", re.MULTILINE)
_MISSPELT = 0.8
"""Likeness from which another key is taken for a misspelt one."""

_HEAD_BYTES = 65_536
_FORM = Form(
    noun="column mapping",
    option="--data",
    content=f"the key `{MAPPING_KEY}` and a list of mappings",
    example="docs/files.md, under column mappings",
)


class ColumnMapping(BaseModel):
    """How the columns of one kind of file are to be read.

    Attributes:
        match: Column names that together mark such a file, in any case.
        layout: Name of the known layout that the file is read as.
        columns: Column of the file for each column of the layout that has another name there.
        values: For a column of the layout, what is written in the file and what it stands for.
        constants: Columns of the layout that the file lacks and that are the same in every row.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    match: list[str] = Field(min_length=1)
    layout: str
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    constants: dict[str, str] = {}


class _MappingFile(BaseModel):
    """The fields of a mapping file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    wardcast_columns: list[ColumnMapping] = Field(min_length=1)


@dataclass(frozen=True, kw_only=True)
class NamedMapping:
    """One mapping and where it stands.

    Attributes:
        file: Name of the mapping file.
        where: The mapping's place, such as `columns.yaml: wardcast_columns[0]`.
        mapping: What it says.
    """

    file: str
    where: str
    mapping: ColumnMapping

    @property
    def reader(self) -> Reader:
        """The reader of the layout."""
        return LAYOUTS[self.mapping.layout]

    @property
    def told_by(self) -> str:
        """What tells the mapping, for a finding."""
        return f"the column mapping {self.where}"

    def fits(self, source: SourceFile) -> bool:
        """Tell whether a file's header holds every column to match."""
        return source.columns.issuperset(name.strip().lower() for name in self.mapping.match)

    def rewritten(self, source: SourceFile) -> SourceFile:
        """Return a file with its columns in the names of the layout; each row stays on its line.

        Columns that are not mapped keep their names, unless the layout's column of that name is.

        Args:
            source: A file that fits.

        Returns:
            The file as CSV text, with the finding that it was rewritten.

        Raises:
            WardcastError: The file has rows of the wrong length, lacks a mapped column, or does not have the columns of
                the layout once it is rewritten.
        """
        taken = self._columns_taken(source)
        mapped = {**taken, **dict.fromkeys(self.mapping.constants)}
        kept = [
            position
            for position, name in enumerate(source.header)
            if position not in taken.values() and name.lower() not in mapped
        ]
        header = [*(source.header[position] for position in kept), *mapped]
        values = [self.mapping.values.get(name, {}) for name in taken]
        constants = list(self.mapping.constants.values())

        def fields(row: Sequence[str]) -> list[str]:
            cells = [row[position] for position in taken.values()]
            told = (known.get(cell.strip(), cell) for known, cell in zip(values, cells, strict=True))
            return [*(row[position] for position in kept), *told, *constants]

        problems = FileProblems(file=source.name)
        check_header(source, problems)
        content = _on_their_lines(
            source.header_line, header, ((line, fields(row)) for line, row in rows(source, problems))
        )
        problems.raise_if_any()
        rewritten = replace(source, content=content, findings=(*source.findings, self._finding(source)))
        if not self.reader.recognises(rewritten):
            raise self._lacks_columns(header)
        return rewritten

    def _columns_taken(self, source: SourceFile) -> dict[str, int]:
        """Return the position in the file of each mapped column of the layout, by its lower-case name."""
        lower = [name.lower() for name in source.header]
        absent = [
            Problem(
                where=f"{self.where}.columns.{target}",
                expected=f"a column of {source.name}",
                found=f"{name}, which it does not have",
                mend=_nearest(name, source.header) or "Correct the name.",
            )
            for target, name in self.mapping.columns.items()
            if name.strip().lower() not in lower
        ]
        if absent:
            raise invalid_input(f"The column mapping {self.where} names columns that {source.name} lacks.", *absent)
        return {target.lower(): lower.index(name.strip().lower()) for target, name in self.mapping.columns.items()}

    def _lacks_columns(self, header: Sequence[str]) -> WardcastError:
        recogniser = self.reader.recognises
        needed: tuple[str, ...] = ()
        lacking: tuple[str, ...] = ()
        if isinstance(recogniser, HasColumns):
            needed, lacking = recogniser.missing(()), recogniser.missing(name.lower() for name in header)
        return invalid_input(
            f"The column mapping {self.where} does not lead to the layout {self.mapping.layout}.",
            Problem(
                where=f"{self.where}.columns",
                expected=f"the columns of {self.reader.what}" + (f": {', '.join(needed)}" if needed else ""),
                found=f"no column for {', '.join(lacking)}" if lacking else f"the columns {', '.join(header)}",
                mend="Name the file's column for each, or give a constant.",
            ),
        )

    def _finding(self, source: SourceFile) -> Finding:
        told = [f"{name!r} as {target}" for target, name in self.mapping.columns.items()]
        told += [f"{target} is always {value!r}" for target, value in self.mapping.constants.items()]
        message = f"Read as {self.reader.what} by {self.told_by}" + (f": {', '.join(told)}." if told else ".")
        return Finding(kind=FindingKind.MENDED, file=source.name, message=message)


def is_mapping_file(path: Path) -> bool:
    """Tell by its content whether a file holds column mappings."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return False  # told when the files are read
    return holds_mappings(head)


def holds_mappings(content: bytes) -> bool:
    """Tell whether bytes are those of a file of column mappings."""
    head = content[:_HEAD_BYTES]
    if b"\x00" in head:
        return False  # an archive can hold such a file as its bytes stand
    return MAPPING_KEY.encode() in head and bool(_KEY_LINE.search(head.decode("utf-8", errors="replace")))


def misspelt_key(content: bytes) -> str | None:
    """Return the top key that an unrecognised file may have meant as the one of column mappings, else None."""
    head = content[:_HEAD_BYTES].decode("utf-8", errors="replace")
    keys = [match[1] for match in _ANY_KEY_LINE.finditer(head)]
    close = get_close_matches(MAPPING_KEY, keys, n=1, cutoff=_MISSPELT)
    return close[0] if close else None


def read_mappings(path: Path) -> list[NamedMapping]:
    """Read a file of column mappings.

    Args:
        path: A YAML file with the key `wardcast_columns`.

    Returns:
        Its mappings, in order.

    Raises:
        WardcastError: It is no YAML or larger than a form may be, a key is unknown or given twice, a value is wrong,
            or a layout unknown.
    """
    data = read_form(path, _FORM)
    listed = checked_form(_MappingFile, data, where=path.name, form=_FORM).wardcast_columns
    named = [
        NamedMapping(file=path.name, where=f"{path.name}: {MAPPING_KEY}[{position}]", mapping=mapping)
        for position, mapping in enumerate(listed)
    ]
    problems = [problem for each in named for problem in _misplaced(each)]
    if problems:
        raise _FORM.to_mend(path.name, problems)
    return named


def _misplaced(named: NamedMapping) -> list[Problem]:
    """Return what is wrong with one mapping beyond the types of its fields."""
    mapping = named.mapping
    problems = []
    if mapping.layout not in LAYOUTS:
        problems.append(
            Problem(
                where=f"{named.where}.layout",
                expected=f"one of {', '.join(LAYOUTS)}",
                found=f"`{mapping.layout}`",
                mend=_nearest(mapping.layout, LAYOUTS) or "Give one of those.",
            )
        )
    problems.extend(
        Problem(
            where=f"{named.where}.values.{target}",
            expected="a column of the layout that `columns` maps",
            found=f"`{target}`",
            mend=f"Add `{target}` to `columns` with the name of its column in the file.",
        )
        for target in mapping.values
        if target not in mapping.columns
    )
    problems.extend(
        Problem(
            where=f"{named.where}.constants.{target}",
            expected="a column that `columns` does not map",
            found=f"`{target}` in both",
            mend="Remove one of them.",
        )
        for target in mapping.constants
        if target in mapping.columns
    )
    return problems


def _nearest(name: str, known: Iterable[str] | Mapping[str, object]) -> str | None:
    close = get_close_matches(name, list(known), n=1)
    return f"Did you mean `{close[0]}`?" if close else None


def _on_their_lines(header_line: int, header: Sequence[str], numbered: Iterable[tuple[int, list[str]]]) -> bytes:
    """Return CSV text with each row on the line it has in the file, so that problems name the right row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    out.write("\n" * (header_line - 1))
    writer.writerow(header)
    line = header_line
    for number, fields in numbered:
        out.write("\n" * (number - line - 1))
        writer.writerow(map(on_one_line, fields))
        line = number
    return out.getvalue().encode("utf-8")
