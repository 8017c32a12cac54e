"""A large file on a server, read in parts: of an archive of gigabytes only the directory and a few members travel."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import httpx

from wardcast.fetch.broken import BROKEN, reason
from wardcast.fetch.connection import Connection, refuse_page
from wardcast.fetch.failure import LATER, FetchError, TooLargeError

TAIL_BYTES = 2_000_000
"""Read at once from the end: a zip archive's directory of some 5,000 members fits."""

_LEAST_BYTES = 1 << 16
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a file.

    Attributes:
        start: Position of its first byte.
        content: Its bytes.
        edition: The server's tag or date of the whole file.
        size: Size of the whole file in bytes.
        address: Where it came from, after redirects.
    """

    start: int
    content: bytes
    edition: str
    size: int
    address: str


class RemoteFile(io.RawIOBase):
    """A file read over HTTP ranges, all of one edition.

    Attributes:
        size: Its size in bytes.
        address: Where it is, after redirects.
    """

    def __init__(self, connection: Connection, *, tail: Part, max_bytes: int) -> None:
        self.address = tail.address
        self.size = tail.size
        self._connection = connection
        self._edition = tail.edition
        self._most = max_bytes
        self._read = len(tail.content)
        self._position = 0
        # The end, which holds the directory, and the newest other part.
        self._parts = [tail]

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that any part of it can be read."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Read on, asking the server where the part is not here.

        Args:
            size: Most bytes to return; the rest of the file where it is negative.

        Returns:
            The bytes.

        Raises:
            FetchError: The server does not give the part, or gives one of another edition.
        """
        last = self.size if size < 0 else min(self.size, self._position + size)
        wanted = last - self._position
        if wanted <= 0:
            return b""
        part = self._held(self._position, last)
        if part is None:
            self.fetch(self._position, max(last, self._position + _LEAST_BYTES))
            part = self._held(self._position, last)
        if part is None:
            raise _no_part(self.address, "another one")
        first = self._position - part.start
        self._position = last
        return part.content[first : first + wanted]

    def fetch(self, first: int, last: int) -> None:
        """Ask the server for a part, to be read from memory afterwards.

        Args:
            first: Its first byte.
            last: The byte after its last.

        Raises:
            FetchError: The server does not give it.
        """
        last = min(last, self.size)
        if self._held(first, last) is not None:
            return
        if self._read + last - first > self._most:
            raise TooLargeError(self._most, self.address)
        part = read_part(self._connection, self.address, f"{first}-{last - 1}", max_bytes=last - first)
        if part is None or (part.edition, part.size, part.start) != (self._edition, self.size, first):
            raise FetchError(
                expected="parts of one edition", found="a file that changed meanwhile", mend=LATER, address=self.address
            )
        self._read += len(part.content)
        self._parts = [self._parts[0], part]

    def _held(self, first: int, last: int) -> Part | None:
        return next(
            (part for part in self._parts if part.start <= first and last <= part.start + len(part.content)), None
        )


def open_remote(connection: Connection, address: str, *, max_bytes: int) -> RemoteFile | None:
    """Open a file for reading in parts.

    Args:
        connection: The way out.
        address: Where it is.
        max_bytes: Most bytes read of it in all.

    Returns:
        The file; None where the server gives no parts.

    Raises:
        FetchError: The server does not answer.
    """
    tail = read_part(connection, address, f"-{TAIL_BYTES}", max_bytes=TAIL_BYTES)
    return None if tail is None else RemoteFile(connection, tail=tail, max_bytes=max_bytes)


def read_part(connection: Connection, address: str, span: str, *, max_bytes: int) -> Part | None:
    """Read one part of a file.

    Args:
        connection: The way out.
        address: Where it is.
        span: The range, as in the header after `bytes=`.
        max_bytes: Most bytes it may have.

    Returns:
        The part; None where the server gives the whole file instead, or more than was asked for.

    Raises:
        FetchError: The server does not give it.
    """
    for attempt in range(1, connection.politeness.attempts + 1):
        try:
            with connection.open(address, headers={"Range": f"bytes={span}"}) as response:
                refuse_page(response)
                if response.status_code == httpx.codes.OK:
                    return None
                found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
                if found is None:
                    raise _no_part(address, f"status {response.status_code}")
                if int(found[2]) - int(found[1]) >= max_bytes:
                    return None
                return Part(
                    start=int(found[1]),
                    content=b"".join(connection.pieces(response, max_bytes=max_bytes)),
                    edition=response.headers.get("ETag") or response.headers.get("Last-Modified", ""),
                    size=int(found[3]),
                    address=str(response.url),
                )
        except BROKEN as error:
            if attempt == connection.politeness.attempts:
                raise _no_part(address, reason(error)) from error
            connection.pause(attempt)
    raise AssertionError("an attempt either returns or raises")


def _no_part(address: str, found: str) -> FetchError:
    return FetchError(expected="a part of the file", found=found, mend=LATER, address=address)
