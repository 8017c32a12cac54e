"""One path opened: a text file, or every table in an archive, a workbook or a parquet file, as CSV text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from wardcast_models.panel.sources.limits import USUAL, Limits
from wardcast_models.panel.sources.parquet import PARQUET_MARK, parquet_source
from wardcast_models.panel.sources.refusals import damage_told, holds_too_much, not_trusted
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.sources.workbook import is_office_document, is_workbook, workbook_sources
from wardcast_models.panel.sources.zipped import GZIP_MARK, ZIP_MARKS, members_of, unpacked_gzip

_MARK_BYTES = 4


def open_sources(path: Path, *, limits: Limits = USUAL) -> Iterator[SourceFile]:
    """Open a file and everything in it, one table at a time.

    A zip archive gives a source for each file in it, a workbook (XLSX) one for each sheet with cells; gzip is
    unpacked. An archive in an archive is refused. Nothing is written to the disk.

    Args:
        path: The file.
        limits: How much is read at most.

    Yields:
        The sources; one that holds no table as its bytes stand. An archive or workbook without any table gives one
        empty source.

    Raises:
        WardcastError: The file cannot be read, is damaged, holds too much, or is an archive that is not to be trusted.
    """
    with damage_told(path.name, "file"):
        with path.open("rb") as file:
            mark = file.read(_MARK_BYTES)
        size = path.stat().st_size
    if mark in ZIP_MARKS and not _is_document(path):
        opened = False
        for name, content in members_of(path, limits=limits):
            opened = True
            yield from _opened(name, content, limits)
        if not opened:
            yield SourceFile(name=path.name, content=b"")
        return
    if size > limits.source_bytes:
        raise holds_too_much(path.name, f"a file of at most {limits.source_bytes:,} bytes", f"{size:,} bytes")
    with damage_told(path.name, "file"):
        content = path.read_bytes()
    yield from _opened(path.name, content, limits)


def _is_document(path: Path) -> bool:
    with path.open("rb") as file:
        return is_office_document(file)


def _opened(name: str, content: bytes, limits: Limits) -> Iterator[SourceFile]:
    """Open what is no zip archive of files."""
    if content.startswith(GZIP_MARK):
        content = unpacked_gzip(content, name=name, limits=limits)
    zipped = content.startswith(ZIP_MARKS)
    if zipped and is_workbook(io.BytesIO(content)):
        yield from workbook_sources(content, name=name, limits=limits)
    elif content.startswith(PARQUET_MARK):
        yield parquet_source(content, name=name, limits=limits)
    elif content.startswith(GZIP_MARK) or (zipped and not is_office_document(io.BytesIO(content))):
        mend = "Unpack the outer archive into the folder."
        raise not_trusted(name, "a file that is no archive again", "an archive in an archive", mend)
    else:
        yield SourceFile(name=name, content=content)
