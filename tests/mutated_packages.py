"""Tables packed, and packages damaged or made to harm: gzip, zip archives, workbooks and parquet."""

from __future__ import annotations

import gzip
import io
import random
import re
import stat
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from tests.mutated_tables import Mutation, Original, Outcome, Spoilt

_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?")
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_BOMB_BYTES = 8 * 1024 * 1024


def gzipped(drawn: random.Random, original: Original) -> Spoilt:
    content = gzip.compress(original.text.encode(), mtime=0)
    return Spoilt(name=f"{original.name}.csv.gz", content=content, outcome=Outcome.SAME)


def _archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def zipped(drawn: random.Random, original: Original) -> Spoilt:
    text = original.text.encode()
    inner = drawn.choice(
        [("table.csv", text), ("table.csv.gz", gzip.compress(text)), ("b.xlsx", as_workbook(original))]
    )
    members = {f"2018-06/{inner[0]}": inner[1], "__MACOSX/._table.csv": b"\x00\x05", "2018-06/.DS_Store": b"\x00"}
    return Spoilt(name=f"{original.name}.zip", content=_archive(members), outcome=Outcome.SAME)


def _typed(cell: str) -> str | int | float | date:
    if _DAY.fullmatch(cell):
        return date.fromisoformat(cell)
    if not _NUMBER.fullmatch(cell):
        return cell
    return float(cell) if "." in cell else int(cell)


def as_workbook(original: Original, titles: int = 0, right: int = 0) -> bytes:
    """The table as a workbook with typed cells, below title rows and to the right of empty columns."""
    book = openpyxl.Workbook()
    book.create_sheet("Notes (empty)", 0)
    sheet = book["Sheet"]
    for number in range(titles):
        sheet.cell(number + 1, 1, f"Title {number}")
    for down, row in enumerate(original.rows, start=titles + 1):
        for across, cell in enumerate(row, start=right + 1):
            if cell:
                sheet.cell(down, across, _typed(cell))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_xlsx(drawn: random.Random, original: Original) -> Spoilt:
    content = as_workbook(original, titles=drawn.randint(0, 5), right=drawn.choice([0, 0, 2]))
    return Spoilt(name=f"{original.name}.xlsx", content=content, outcome=Outcome.SAME)


def _parquet(original: Original, *, typed: bool) -> bytes:
    header, *rows = original.rows
    columns = [list(column) for column in zip(*rows, strict=True)]
    numbers = [all(_NUMBER.fullmatch(cell) for cell in column) for column in columns]
    arrays = [
        pa.array([float(cell) for cell in column]) if typed and number else pa.array(column)
        for column, number in zip(columns, numbers, strict=True)
    ]
    out = io.BytesIO()
    pq.write_table(pa.table(arrays, names=header), out, write_page_checksum=True)
    return out.getvalue()


def as_parquet(drawn: random.Random, original: Original) -> Spoilt:
    content = _parquet(original, typed=drawn.random() < 0.5)
    return Spoilt(name=f"{original.name}.parquet", content=content, outcome=Outcome.SAME)


def formula_in_workbook(drawn: random.Random, original: Original) -> Spoilt:
    rows = [list(row) for row in original.rows]
    rows[drawn.randrange(1, len(rows))][original.checked_column] = "formula"
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(Original(name="", rows=rows, checked_column=0))))
    for row in book["Sheet"].iter_rows():
        for cell in row:
            if cell.value == "formula":
                cell.value = "=SUM(A1:A2)"
    out = io.BytesIO()
    book.save(out)
    return Spoilt(name=f"{original.name}.xlsx", content=out.getvalue(), outcome=Outcome.REFUSED)


# Hostile: archives and workbooks that no publisher would make.


def path_traversal(drawn: random.Random, original: Original) -> Spoilt:
    name = drawn.choice(["../../x.csv", "/etc/x.csv", "a/../../x.csv", "..\\x.csv", "C:\\x.csv", "C:/x.csv"])
    content = _archive({name: original.text.encode()})
    return Spoilt(name=f"{original.name}.zip", content=content, outcome=Outcome.REFUSED)


def link_in_archive(drawn: random.Random, original: Original) -> Spoilt:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("table.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("other.csv", original.text)
    return Spoilt(name=f"{original.name}.zip", content=out.getvalue(), outcome=Outcome.REFUSED)


def archive_in_archive(drawn: random.Random, original: Original) -> Spoilt:
    inner = _archive({"table.csv": original.text.encode()})
    outer = drawn.choice([gzip.compress(inner), gzip.compress(gzip.compress(inner)), _archive({"in.zip": inner})])
    return Spoilt(name=f"{original.name}.zip", content=outer, outcome=Outcome.REFUSED)


def bomb(drawn: random.Random, original: Original) -> Spoilt:
    """A small file that unpacks to more than the limits of the tests."""
    filler = original.text.encode() + b" " * _BOMB_BYTES
    kind = drawn.choice(["gz", "zip", "xlsx", "parquet"])
    if kind == "gz":
        content = gzip.compress(filler)
    elif kind == "zip":
        content = _archive({"table.csv": filler})
    elif kind == "xlsx":
        content = _with_member(
            as_workbook(original), "xl/worksheets/sheet2.xml", lambda part: part + b" " * _BOMB_BYTES
        )
    else:
        out = io.BytesIO()
        words = pa.array(["9" * 1_000] * (_BOMB_BYTES // 1_000)).dictionary_encode()
        pq.write_table(pa.table({"ward_code": words}), out)
        content = out.getvalue()
    return Spoilt(name=f"{original.name}.{kind}", content=content, outcome=Outcome.REFUSED)


def far_cell(drawn: random.Random, original: Original) -> Spoilt:
    """A workbook with one cell at the far end of its sheet, which would fill the memory as a block."""

    def part_with_cell(part: bytes) -> bytes:
        row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        return part.replace(b"</sheetData>", row + b"</sheetData>")

    content = _with_member(as_workbook(original), "xl/worksheets/sheet2.xml", part_with_cell)
    return Spoilt(name=f"{original.name}.xlsx", content=content, outcome=Outcome.REFUSED)


def _with_member(archive: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        return _archive({each: change(old.read(each)) if each == name else old.read(each) for each in old.namelist()})


def swelling_workbook(drawn: random.Random, original: Original) -> Spoilt:
    """A workbook whose text is a short reference that stands for endless text."""

    def with_entities(part: bytes) -> bytes:
        head, _, rest = part.partition(b"?>") if part.startswith(b"<?xml") else (b"", b"", part)
        doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        return (head + b"?>" if head else b"") + doctype + rest

    content = _with_member(as_workbook(original), "xl/worksheets/sheet2.xml", with_entities)
    return Spoilt(name=f"{original.name}.xlsx", content=content, outcome=Outcome.REFUSED)


def _packed(drawn: random.Random, original: Original) -> tuple[str, bytes]:
    text = original.text.encode()
    return drawn.choice(
        [
            ("csv.gz", gzip.compress(text, mtime=0)),
            ("zip", _archive({"a/table.csv": text})),
            ("xlsx", as_workbook(original)),
            ("parquet", _parquet(original, typed=False)),
        ]
    )


def flipped_bytes(drawn: random.Random, original: Original) -> Spoilt:
    """A packed file with a few bytes changed; its checksums are what tells."""
    kind, content = _packed(drawn, original)
    changed = bytearray(content)
    for _ in range(drawn.randint(1, 4)):
        changed[drawn.randrange(len(changed))] = drawn.randrange(256)
    return Spoilt(name=f"{original.name}.{kind}", content=bytes(changed), outcome=Outcome.SAME_OR_NOT)


def cut_package(drawn: random.Random, original: Original) -> Spoilt:
    kind, content = _packed(drawn, original)
    cut = content[: drawn.randrange(8, len(content))]
    return Spoilt(name=f"{original.name}.{kind}", content=cut, outcome=Outcome.NOT_BELIEVED)


PACKAGE_MUTATIONS: tuple[Mutation, ...] = (
    gzipped,
    zipped,
    as_xlsx,
    as_parquet,
    formula_in_workbook,
    path_traversal,
    link_in_archive,
    archive_in_archive,
    bomb,
    far_cell,
    swelling_workbook,
    flipped_bytes,
    cut_package,
)
"""Every way in which a table is packed, damaged or made to harm here."""
