"""A file as found: its bytes, its text, its header, and what it seems to be when nothing recognises it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from wardcast_models.errors import Problem, WardcastError, invalid_input

_GZIP = b"\x1f\x8b"
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "a binary Excel workbook (XLS)",
        "Open it in a spreadsheet and save the sheet as CSV (UTF-8).",
    ),
    (
        b"PK\x03\x04",
        "a zip archive or an Excel workbook (XLSX)",
        "Unpack it, or save the sheet as CSV (UTF-8).",
    ),
    (b"%PDF", "a PDF document", "Supply the table behind it as CSV."),
)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_OTHER_SEPARATORS = (";", "\t")
_RELEASE_WORDS = (re.compile(rb"ward ?code", re.IGNORECASE), re.compile(rb"majortext|subgroup", re.IGNORECASE))
"""Words of the header of an MPS ward release, which a workbook holds as plain bytes."""

_SAVE_AS_CSV = "Supply it as CSV (with commas) in one of the official layouts."
_COLUMNS_SHOWN = 5
_HEAD_CHARACTERS = 1 << 17
_PIECE_BYTES = 1 << 20

MAX_UNPACKED_BYTES = 512 * 1024 * 1024
"""Most bytes that a gzip file may hold: well above any official file, and low enough to be read whole."""


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """One file, read whole.

    Attributes:
        name: File name without its folder.
        content: The bytes, already decompressed where the file was gzip.
    """

    name: str
    content: bytes

    @cached_property
    def encoding(self) -> str:
        """`utf-16` by its mark, `utf-8-sig` where the bytes are UTF-8, else `cp1252` (older Windows spreadsheets)."""
        if self.content.startswith(_UTF16_MARKS):
            return "utf-16"
        try:
            self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8-sig"

    @cached_property
    def text(self) -> str:
        """The whole text."""
        return self.content.decode(self.encoding, errors="replace")

    @cached_property
    def binary(self) -> bool:
        """Whether the file is no text at all."""
        if self.signature is not None:
            return True
        return self.encoding != "utf-16" and b"\x00" in self.content[:4096]

    @cached_property
    def signature(self) -> tuple[str, str] | None:
        """What the first bytes say the file is and how to mend it, or None where they say nothing."""
        for magic, what, mend in _SIGNATURES:
            if self.content.startswith(magic):
                return what, mend
        return None

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The first row's fields, stripped; empty where the file is no delimited text."""
        rows = self._first_rows
        return tuple(field.strip() for field in rows[0]) if rows else ()

    @cached_property
    def separator(self) -> str:
        """What stands between fields: a comma, else a semicolon or tab where the first line has no comma."""
        first_line = self.text[:_HEAD_CHARACTERS].lstrip("\r\n").partition("\n")[0]
        if "," in first_line:
            return ","
        return next((mark for mark in _OTHER_SEPARATORS if mark in first_line), ",")

    @cached_property
    def _first_rows(self) -> list[list[str]]:
        """The first two rows as CSV, fewer where there are not as many; none where the file is no CSV."""
        if self.binary or self.looks_like_json:
            return []
        rows: list[list[str]] = []
        head = io.StringIO(self.text[:_HEAD_CHARACTERS], newline="")
        with suppress(csv.Error):
            rows.extend(islice(csv.reader(head, delimiter=self.separator), 2))
        return rows

    def looks_like_release(self) -> bool:
        """Tell whether a binary file, say a workbook, holds the header words of an MPS ward release."""
        if not self.binary:
            return False
        held = _workbook_words(self.content).replace(b"\x00", b"")
        return all(word.search(held) for word in _RELEASE_WORDS)

    @cached_property
    def columns(self) -> frozenset[str]:
        """The header's names in lower case, for recognition."""
        return frozenset(name.lower() for name in self.header)

    @cached_property
    def looks_like_json(self) -> bool:
        """Whether the text starts as JSON does."""
        return self.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}

    @cached_property
    def json(self) -> Any:
        """The parsed JSON, or None where the file is no JSON or is broken."""
        if not self.looks_like_json:
            return None
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    def seems_to_be(self) -> tuple[str, str]:
        """Say what an unrecognised file seems to be.

        Returns:
            What it is, as a noun phrase, and how to mend it.
        """
        if not self.content:
            return "an empty file", _SAVE_AS_CSV
        if self.signature is not None:
            what, mend = self.signature
            csv_name = self.name.lower().endswith((".csv", ".csv.gz"))
            return (f"{what} with a .csv name" if csv_name else what), mend
        if self.binary:
            return "a binary file", _SAVE_AS_CSV
        if self.looks_like_json:
            return self._kind_of_json(), "Ward polygons need a ward code (ward_code, WD22CD) on each feature."
        return self._kind_of_text(), _SAVE_AS_CSV

    def _kind_of_text(self) -> str:
        prose = any(len(row) != len(self.header) for row in self._first_rows[1:])
        if len(self.header) < 2 or prose:
            return "text that is no table"
        shown = ", ".join(self.header[:_COLUMNS_SHOWN])
        more = "" if len(self.header) <= _COLUMNS_SHOWN else f" and {len(self.header) - _COLUMNS_SHOWN} more"
        return f"a table with an unknown header ({shown}{more})"

    def _kind_of_json(self) -> str:
        if self.json is None:
            return "broken JSON"
        if isinstance(self.json, dict) and self.json.get("type") == "FeatureCollection":
            return "GeoJSON that holds no ward polygons"
        return "JSON of an unknown kind"


def _workbook_words(content: bytes) -> bytes:
    """Return the bytes that hold a workbook's words: those of an XLSX are packed, those of an XLS plain."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book, book.open("xl/sharedStrings.xml") as words:
            return words.read(_PIECE_BYTES)
    except (zipfile.BadZipFile, KeyError, ValueError, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError):
        return content


def open_source(path: Path, *, max_unpacked_bytes: int = MAX_UNPACKED_BYTES) -> SourceFile:
    """Read a file, decompressing gzip.

    Args:
        path: The file.
        max_unpacked_bytes: Most bytes that a gzip file may hold.

    Returns:
        The file as found.

    Raises:
        WardcastError: The file cannot be read, or its gzip stream is cut, damaged or holds too much.
    """
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = _unpacked(content, path.name, max_unpacked_bytes)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise invalid_input(
            f"{path.name} is a damaged gzip file.",
            Problem(
                where=path.name,
                expected="a whole gzip file",
                found=str(error) or "a damaged stream",
                mend="The file was cut or damaged on the way: fetch it again.",
            ),
        ) from error
    except OSError as error:
        raise invalid_input(
            f"{path.name} cannot be read.",
            Problem(
                where=path.name,
                expected="a readable file",
                found=error.strerror or str(error),
                mend="Check the file and its permissions.",
            ),
        ) from error
    return SourceFile(name=path.name, content=content)


def _unpacked(packed: bytes, name: str, max_bytes: int) -> bytes:
    # Piece by piece, since a few kilobytes of gzip can hold more than the machine's memory.
    unpacked = bytearray()
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
        while piece := stream.read(min(_PIECE_BYTES, max_bytes + 1)):
            unpacked += piece
            if len(unpacked) > max_bytes:
                raise _holds_too_much(name, max_bytes)
    return bytes(unpacked)


def _holds_too_much(name: str, max_bytes: int) -> WardcastError:
    return invalid_input(
        f"{name} holds too much to be read.",
        Problem(
            where=name,
            expected=f"a gzip file that holds at most {max_bytes:,} bytes",
            found="more",
            mend="Check that it is an official file; if it is, split it by month or leave out what is not needed.",
        ),
    )
