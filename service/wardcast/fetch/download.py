"""One file downloaded: resumed where it broke off, checked, and put in its place only when whole."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from wardcast.fetch.broken import BROKEN, reason
from wardcast.fetch.connection import Connection, refuse_page
from wardcast.fetch.failure import LATER, FetchError, TooLargeError
from wardcast.fetch.manifest import STATE_FOLDER, Entry, checksums

_SPOILT_AT_MOST = 2
"""A download whose checksum is wrong is made once more, and not again."""

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be downloaded.

    Attributes:
        address: From where.
        target: The file; its folder is made.
        folder: The data folder, which holds the state of broken downloads.
        max_bytes: Most bytes it may have.
        md5: The publisher's checksum, or "".
        known: What is known of the sound copy that is here, or None.
        check: Given the whole file under its own name in another folder, says its layout or raises FetchError.
        make_way: Told the SHA-256 of the whole file just before it takes its place.
    """

    address: str
    target: Path
    folder: Path
    max_bytes: int
    md5: str
    known: Entry | None
    check: Callable[[Path], str]
    make_way: Callable[[str], None] = lambda _sha256: None


@dataclass(frozen=True, kw_only=True)
class Downloaded:
    """A file that arrived.

    Attributes:
        bytes: Its size.
        sha256: Its checksum.
        etag: The server's tag, or "".
        last_modified: The server's date, or "".
        layout: What the check took it for.
    """

    bytes: int
    sha256: str
    etag: str
    last_modified: str
    layout: str


def download(wanted: Wanted, connection: Connection) -> Downloaded | None:
    """Download a file unless the server says that the copy here is still its newest.

    Args:
        wanted: What and where to.
        connection: The way out.

    Returns:
        What arrived; None where nothing has changed.

    Raises:
        FetchError: It could not be downloaded whole, or is not what it should be. What arrived of it is kept where
            the next run can go on from it.
    """
    partial = _Partial(wanted)
    spoilt = 0
    for attempt in range(1, connection.politeness.attempts + 1):
        try:
            with connection.open(wanted.address, headers=partial.headers(wanted.known)) as response:
                if response.status_code == httpx.codes.NOT_MODIFIED:
                    return None
                refuse_page(response)
                if not partial.begin(response):
                    continue
                partial.take(response, connection)
                if not partial.whole:
                    continue
        except BROKEN as error:
            if attempt == connection.politeness.attempts:
                raise _broke_off(partial, reason(error), wanted.address) from error
            connection.pause(attempt)
            continue
        sha256, md5 = checksums(partial.path)
        if not wanted.md5 or md5 == wanted.md5:
            return _placed(partial, wanted, sha256)
        partial.discard()
        spoilt += 1
        if spoilt == _SPOILT_AT_MOST:
            raise _wrong_checksum(wanted, md5)
    found = "the server gave less than was asked for" if partial.held else "parts that do not fit together"
    raise _broke_off(partial, found, wanted.address)


def _placed(partial: _Partial, wanted: Wanted, sha256: str) -> Downloaded:
    """Check a whole file and move it to its place."""
    try:
        layout = wanted.check(partial.path)
    except FetchError:
        partial.discard()
        raise
    arrived = Downloaded(
        bytes=partial.path.stat().st_size,
        sha256=sha256,
        etag=partial.etag,
        last_modified=partial.last_modified,
        layout=layout,
    )
    wanted.target.parent.mkdir(parents=True, exist_ok=True)
    wanted.make_way(sha256)
    partial.path.replace(wanted.target)
    partial.discard()
    return arrived


class _Partial:
    """What has arrived of a file so far, and which edition of it that is."""

    def __init__(self, wanted: Wanted) -> None:
        key = hashlib.sha256(wanted.address.encode()).hexdigest()[:16]
        self._folder = wanted.folder / STATE_FOLDER / "parts" / key
        # Under its own name, since some layouts are known by it in part (mid2020).
        self.path = self._folder / wanted.target.name
        self._state = self._folder / "edition.json"
        self._max_bytes = wanted.max_bytes
        self.etag, self.last_modified = "", ""
        self._size: int | None = None
        if self.held:
            self._recall()

    @property
    def whole(self) -> bool:
        """Whether all has arrived, as far as the server says how much there is: some give a part at a time."""
        return self._size is None or self.held == self._size

    @property
    def held(self) -> int:
        """Bytes that have arrived."""
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def _validator(self) -> str:
        """What names this edition in `If-Range`: a strong tag, else the date; "" where there is neither."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified

    def headers(self, known: Entry | None) -> dict[str, str]:
        """Return the request's headers: the rest of a part, or only what is newer than the copy here."""
        if self.held and self._validator:
            return {"Range": f"bytes={self.held}-", "If-Range": self._validator}
        headers = {}
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        return headers

    def begin(self, response: httpx.Response) -> bool:
        """Get ready for a body: go on from the part, or start over; False where the request must be made anew."""
        headers = response.headers
        length = headers.get("Content-Length", "")
        if response.status_code == httpx.codes.PARTIAL_CONTENT:
            span = _RANGE.fullmatch(headers.get("Content-Range", ""))
            if span is None or int(span[1]) != self.held or not self._is_same(headers, span[3]):
                self.discard()
                return False
            self._size = int(span[3]) if span[3] != "*" else self._size
        elif response.status_code != httpx.codes.OK:
            self.discard()
            return False
        else:
            self.discard()
            # A part of a packed body is no part of the file.
            if not headers.get("Content-Encoding"):
                self.etag, self.last_modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
                self._size = int(length) if length.isdecimal() else None
        if length.isdecimal() and self.held + int(length) > self._max_bytes:
            self.discard()
            raise TooLargeError(self._max_bytes, str(response.url))
        self._remember()
        return True

    def _is_same(self, headers: httpx.Headers, size: str) -> bool:
        """Tell whether a part is of the edition that has begun to arrive; the first part says which that is."""
        if headers.get("Content-Encoding"):
            return False
        if not self.held:
            self.etag, self.last_modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
            return True
        return (
            headers.get("ETag", self.etag) == self.etag
            and headers.get("Last-Modified", self.last_modified) == self.last_modified
            and (size == "*" or self._size is None or int(size) == self._size)
        )

    def take(self, response: httpx.Response, connection: Connection) -> None:
        """Append the body."""
        try:
            with self.path.open("ab") as file:
                for piece in connection.pieces(response, max_bytes=self._max_bytes - self.held):
                    file.write(piece)
        except TooLargeError:
            self.discard()
            raise

    def discard(self) -> None:
        """Forget what has arrived."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self.etag, self.last_modified, self._size = "", "", None

    def resumable(self) -> bool:
        """Tell whether the next run can go on from what has arrived."""
        return bool(self.held and self._validator)

    def _remember(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        edition = {"etag": self.etag, "last_modified": self.last_modified, "size": self._size}
        self._state.write_text(json.dumps(edition), encoding="utf-8")

    def _recall(self) -> None:
        try:
            edition = json.loads(self._state.read_text(encoding="utf-8"))
            self.etag, self.last_modified = str(edition["etag"]), str(edition["last_modified"])
            self._size = None if edition["size"] is None else int(edition["size"])
        except (OSError, ValueError, TypeError, KeyError):
            self.discard()


def _broke_off(partial: _Partial, found: str, address: str) -> FetchError:
    held = partial.held
    if not partial.resumable():
        partial.discard()
    kept = f" after {held:,} bytes" if held else ""
    return FetchError(
        expected="a whole file", found=f"a download that broke off{kept} ({found})", mend=LATER, address=address
    )


def _wrong_checksum(wanted: Wanted, md5: str) -> FetchError:
    return FetchError(
        expected=f"the publisher's checksum (MD5 {wanted.md5})",
        found=f"{md5}, {_SPOILT_AT_MOST} times",
        mend="Try again later; if it stays so, tell the publisher. Nothing of it was kept.",
        address=wanted.address,
    )
