"""How much of a file is opened: what a hostile or mistaken file may make the machine hold."""

from __future__ import annotations

from dataclasses import dataclass

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Most that is read of one file; each is well above any official file.

    Attributes:
        packed_bytes: Size of a zip archive as it lies on the disk.
        source_bytes: One table, unpacked: a text file, a member of an archive, all parts of a workbook together.
        archive_bytes: All members of a zip archive, unpacked; they are read one after the other.
        members: Members of a zip archive.
        cells: Rows times columns of a sheet or of a parquet table, empty cells between filled ones included.
    """

    packed_bytes: int = 2048 * _MEBIBYTE
    source_bytes: int = 256 * _MEBIBYTE
    archive_bytes: int = 8192 * _MEBIBYTE
    members: int = 10_000
    cells: int = 10_000_000


USUAL = Limits()
"""The limits of a data folder."""
