"""Reading a table out of a zip archive row by row, with a limit to what it may unpack to."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from wardcast.fetch.failure import FetchError, TooLargeError

MEMBER_BYTES = 500_000_000
"""Most bytes that one table may unpack to: several times any official one."""

_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, csv.Error)


@contextmanager
def damage_told(what: str) -> Iterator[None]:
    """Tell a damaged archive or table as a failed download.

    Args:
        what: What was to be read, for the message.

    Raises:
        FetchError: It is damaged.
    """
    try:
        yield
    except _BROKEN as error:
        raise FetchError(expected=f"a readable {what}", found=str(error) or "a damaged one") from error


@contextmanager
def member_rows(archive: zipfile.ZipFile, member: str) -> Iterator[Iterator[list[str]]]:
    """Open a table of an archive; nothing is unpacked to the disk.

    Args:
        archive: The archive.
        member: The table's name in it.

    Yields:
        Its rows, the header first.

    Raises:
        FetchError: It is damaged or unpacks to too much.
    """
    with damage_told(f"table {member}"), archive.open(member) as packed:
        yield csv.reader(io.TextIOWrapper(io.BufferedReader(_Bounded(packed, MEMBER_BYTES)), "utf-8-sig", newline=""))


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than so many bytes, whatever its archive says of its size."""

    def __init__(self, stream: IO[bytes], most_bytes: int) -> None:
        self._stream = stream
        self._most = most_bytes
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(len(buffer))
        self._given += len(piece)
        if self._given > self._most:
            raise TooLargeError(self._most)
        buffer[: len(piece)] = piece
        return len(piece)
