"""One run of downloads: what every kind of address needs, and what became of each file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from wardcast.fetch.addresses import Address
from wardcast.fetch.area import FetchArea
from wardcast.fetch.connection import Connection
from wardcast.fetch.download import Wanted, download
from wardcast.fetch.failure import FetchError
from wardcast.fetch.layout import check_layout
from wardcast.fetch.manifest import STATE_FOLDER, Entry, Manifest, checksums
from wardcast.fetch.older_releases import set_aside
from wardcast_models.errors import Problem

LISTING_BYTES = 20_000_000
"""Most bytes that a listing (of a data set, of months) may have."""


class Status(StrEnum):
    """What became of a file."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    ABSENT = "not published"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class FileResult:
    """One file of a run.

    Attributes:
        id: Row of the address table.
        file: Path below the data folder; the row's own where no file came of it.
        status: What became of it.
        bytes: Its size, 0 where there is none.
        note: What else to know, or "".
        older: Where the earlier release is kept that this one took the place of, or "".
        problem: Why it failed, where it did.
    """

    id: str
    file: str
    status: Status
    bytes: int = 0
    note: str = ""
    older: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One run.

    Attributes:
        area: The area.
        folder: The data folder.
        connection: The way out.
        manifest: What was downloaded before.
        table: The whole address table.
        refresh: Whether everything is fetched again.
        since: First month of monthly files, `YYYY-MM`, or None.
        until: Last month of monthly files, `YYYY-MM`, or None.
        tell: Told what is being done.
        listings: Listings read in this run, by address.
    """

    area: FetchArea
    folder: Path
    connection: Connection
    manifest: Manifest
    table: tuple[Address, ...]
    refresh: bool
    since: str | None
    until: str | None
    tell: Callable[[str], None]
    listings: dict[str, Any] = field(default_factory=dict)

    def listing(self, address: str) -> Any:
        """Read a JSON listing, once a run.

        Args:
            address: Its address.

        Returns:
            The value.

        Raises:
            FetchError: It could not be read.
        """
        if address not in self.listings:
            self.listings[address] = self.connection.read_json(address, max_bytes=LISTING_BYTES)
        return self.listings[address]

    def held(self, file: str) -> Entry | None:
        """Return the entry of a file that is here and sound, unless everything is fetched again."""
        return None if self.refresh else self.manifest.sound(file)

    def unchanged(self, entry: Entry) -> FileResult:
        """Return the result of a file that need not be fetched."""
        return FileResult(id=entry.id, file=entry.file, status=Status.UNCHANGED, bytes=entry.bytes, note=entry.note)

    def failed(self, address: Address, error: FetchError, *, file: str = "") -> FileResult:
        """Return the result of a file that could not be fetched."""
        problem = error.problem(address_id=address.id, address=address.address)
        return FileResult(id=address.id, file=file or address.file, status=Status.FAILED, problem=problem)

    def download(self, address: Address, *, file: str, came_from: str, md5: str, published: str = "") -> FileResult:
        """Download a file as it is.

        Args:
            address: The row.
            file: Path below the data folder.
            came_from: Its address now.
            md5: The publisher's checksum, or "".
            published: Day on which the publisher's listing says that it was put there, or "".

        Returns:
            What became of it.
        """
        known = self.held(file)
        note = self._mended(file)
        if known is not None and md5 and known.published_md5 == md5:
            return self.unchanged(known)
        self.tell(f"{address.id}: {file}")
        older: list[str] = []

        def make_way(sha256: str) -> None:
            before = self.manifest.sound(file)
            if address.release and before is not None and before.sha256 != sha256:
                older.append(self.set_aside(address, before))

        wanted = Wanted(
            address=came_from,
            target=self.folder / file,
            folder=self.folder,
            max_bytes=address.max_bytes,
            md5=md5,
            known=known if known is not None and known.address == came_from else None,
            check=lambda path: check_layout(path, address),
            make_way=make_way,
        )
        try:
            arrived = download(wanted, self.connection)
        except FetchError as error:
            return self.failed(address, error, file=file)
        if arrived is None and known is not None:
            return self.unchanged(known)
        if arrived is None:
            unasked = FetchError(expected="the file", found="status 304 (unchanged) where none is here")
            return self.failed(address, unasked, file=file)
        entry = Entry(
            id=address.id,
            file=file,
            address=came_from,
            fetched_at=self._moment(),
            bytes=arrived.bytes,
            sha256=arrived.sha256,
            etag=arrived.etag,
            last_modified=arrived.last_modified,
            published_md5=md5,
            published=published if address.release else "",
            layout=arrived.layout,
            licence=address.licence,
        )
        self.manifest.keep(entry)
        if older:
            note = " ".join(part for part in (note, f"A new release; the earlier one is kept as {older[0]}.") if part)
        return FileResult(
            id=address.id,
            file=file,
            status=Status.FETCHED,
            bytes=entry.bytes,
            note=note,
            older=older[0] if older else "",
        )

    def set_aside(self, address: Address, entry: Entry) -> str:
        """Move a file out of the way of a newer one.

        Args:
            address: The row that both are of.
            entry: The file, sound.

        Returns:
            Its new path below the data folder.
        """
        return set_aside(self.manifest, entry, is_release=address.release, today=self._moment()[:10])

    def make(
        self, address: Address, *, file: str, came_from: str, write: Callable[[Path], None], note: str = ""
    ) -> FileResult:
        """Write a file from what a service answered; it takes its place only when it is of the right layout.

        Args:
            address: The row.
            file: Path below the data folder.
            came_from: The address asked.
            write: Writes the content to the path it is given; may raise FetchError.
            note: What was done to it on the way in.

        Returns:
            What became of it.
        """
        note = " ".join(part for part in (self._mended(file), note) if part)
        target = self.folder / file
        draft = self.folder / STATE_FOLDER / "made" / target.name
        draft.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(draft)
            layout = check_layout(draft, address)
            size, sha256 = draft.stat().st_size, checksums(draft)[0]
            target.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(target)
        except FetchError as error:
            return self.failed(address, error, file=file)
        finally:
            draft.unlink(missing_ok=True)
        entry = Entry(
            id=address.id,
            file=file,
            address=came_from,
            fetched_at=self._moment(),
            bytes=size,
            sha256=sha256,
            layout=layout,
            licence=address.licence,
            note=note,
        )
        self.manifest.keep(entry)
        return FileResult(id=address.id, file=file, status=Status.FETCHED, bytes=size, note=note)

    def _mended(self, file: str) -> str:
        damaged = self.manifest.damaged(file)
        return (
            "The copy here had been changed or damaged since it was downloaded; it was fetched again."
            if damaged
            else ""
        )

    def _moment(self) -> str:
        moment: datetime = self.connection.clock.utc()
        return moment.isoformat(timespec="seconds")


Fetcher = Callable[[Address, Visit], Iterator[FileResult]]
"""Fetches one row of the address table; raises FetchError where nothing of it can be had."""
