"""A file as found: its bytes, its text, its header, and what it seems to be when nothing recognises it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import islice
from typing import Any, TextIO

from wardcast_models.panel.findings import Finding

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "a binary Excel workbook (XLS)",
        "Open it in a spreadsheet and save the sheet as CSV (UTF-8).",
    ),
    (
        b"PK\x03\x04",
        "an office document of another kind",
        "Save the table in it as an Excel workbook (XLSX) or as CSV (UTF-8).",
    ),
    (b"%PDF", "a PDF document", "Supply the table behind it as CSV."),
)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF16_ENDS = frozenset({b"\n\x00", b"\x00\n", b"\r\x00", b"\x00\r"})
_CONTROLS = bytes(sorted(set(range(32)) - set(b"\t\n\v\f\r")))
_MOST_CONTROLS_SHARE = 0.02
"""Text damaged by a stray zero byte stays text, and is refused with its row; a picture or program has far more."""

_WEB_PAGE = re.compile(r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r'"[^"]*"')
_RELEASE_WORDS = (re.compile(rb"ward ?code", re.IGNORECASE), re.compile(rb"majortext|subgroup", re.IGNORECASE))
"""Words of the header of an MPS ward release, which a binary workbook holds as plain bytes."""

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
"""What may stand between fields, with its name; of equals the first is taken."""

_SAVE_AS_CSV = "Supply it as CSV (with commas) in one of the official layouts."
_COLUMNS_SHOWN = 5
_SNIFFED_BYTES = 4096
_HEAD_BYTES = 1 << 18

LAST_HEADER_LINE = 20
"""Last line of a file on which its header is looked for."""


def today() -> date:
    """Return the day, in UTC."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """One table or document, read whole: a file, or a sheet or member of one.

    Attributes:
        name: File name without its folder; `book.xlsx: Sheet1` or `archive.zip: 2018-06/street.csv` inside another.
        content: The bytes, unpacked; sheets and parquet tables as CSV text.
        header_line: Line on which the header stands; the lines above it (a title, say) are passed over.
        findings: What was found while opening it.
        read_on: Day of the reading: counts of a later month are refused.
    """

    name: str
    content: bytes
    header_line: int = 1
    findings: tuple[Finding, ...] = ()
    read_on: date = field(default_factory=today)

    @cached_property
    def encoding(self) -> str:
        """The codec of the text.

        `utf-16` by its mark, `utf-16-le` or `utf-16-be` by the zero bytes where the mark is absent, `utf-8-sig` where
        the bytes are UTF-8, else `cp1252` (older Windows spreadsheets).
        """
        if self.content.startswith(_UTF16_MARKS):
            return "utf-16"
        head = self.content[:_SNIFFED_BYTES]
        if head.count(0) > len(head) // 4:
            # Mostly plain letters: then every second byte is zero, and hardly any other one.
            for codec, zeros, letters in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
                if zeros.count(0) > 0.8 * len(zeros) and letters.count(0) < 0.05 * len(letters):
                    return codec
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
    def head(self) -> str:
        """The beginning of the text, long enough for any header."""
        return self.content[:_HEAD_BYTES].decode(self.encoding, errors="replace")

    def stream(self) -> TextIO:
        """Return the text as a stream from its first line, its line ends as they stand."""
        return io.TextIOWrapper(io.BytesIO(self.content), encoding=self.encoding, errors="replace", newline="")

    @property
    def ends_with_line_break(self) -> bool:
        """Whether the last line is complete."""
        if self.encoding.startswith("utf-16"):
            return self.content[-2:] in _UTF16_ENDS
        return self.content.endswith((b"\n", b"\r"))

    @cached_property
    def binary(self) -> bool:
        """Whether the file is no text at all."""
        if self.signature is not None:
            return True
        head = self.content[:_SNIFFED_BYTES]
        controls = len(head) - len(head.translate(None, delete=_CONTROLS))
        return not self.encoding.startswith("utf-16") and controls > _MOST_CONTROLS_SHARE * len(head)

    @cached_property
    def signature(self) -> tuple[str, str] | None:
        """What the first bytes say the file is and how to mend it, or None where they say nothing."""
        for magic, what, mend in _SIGNATURES:
            if self.content.startswith(magic):
                return what, mend
        return None

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The header's fields, stripped; empty where the file is no delimited text."""
        rows = self._first_rows
        return tuple(field.strip() for field in rows[0]) if rows else ()

    @cached_property
    def separator(self) -> str:
        """What stands between fields: the mark found most often in the header outside quotes, a comma where none is."""
        line = next(self._head_lines(), "")
        outside = _QUOTED.sub("", line)
        return max(SEPARATORS, key=outside.count)

    def _head_lines(self) -> Iterator[str]:
        """Return the beginning of the text by lines, from the header on."""
        return islice(io.StringIO(self.head, newline=""), self.header_line - 1, None)

    @cached_property
    def _first_rows(self) -> list[list[str]]:
        """The header and the row below it, fewer where there are not as many; none where the file is no CSV."""
        if self.binary or self.looks_like_json:
            return []
        rows: list[list[str]] = []
        with suppress(csv.Error):
            rows.extend(islice(csv.reader(self._head_lines(), delimiter=self.separator), 2))
        return rows

    def lower_headers(self) -> Iterator[SourceFile]:
        """Take each of the next lines for the header, for tables below a title.

        Yields:
            The file with its header on line 2, 3 and so on, as far as a header has at least two fields.
        """
        if self.binary or self.looks_like_json:
            return
        for line in range(self.header_line + 1, LAST_HEADER_LINE + 1):
            below = replace(self, header_line=line)
            vars(below).update(encoding=self.encoding, head=self.head)  # found once: both are of the whole file
            if sum(map(bool, below.header)) > 1:
                yield below

    def looks_like_release(self) -> bool:
        """Tell whether a binary file, say an old workbook, holds the header words of an MPS ward release."""
        if not self.binary:
            return False
        held = self.content.replace(b"\x00", b"")
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
        if self.is_web_page:
            return "a web page, such as a site sends in place of a file", "Download the file again."
        return self._kind_of_text(), _SAVE_AS_CSV

    @property
    def is_web_page(self) -> bool:
        """Whether the text is a web page, as sites send in place of a file."""
        return bool(_WEB_PAGE.match(self.head))

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
