"""Data.police.uk street files, out of the nationwide archive.

The archive is one zip of about 1.7 GB a month that holds every force's files of three years. Only its directory and
the members of the area's force are read, by HTTP ranges; a server that gives no ranges makes the whole archive travel.
The API would give an area's incidents directly, but without their LSOA, not above 10,000 of them, and not those older
than three years; so the archive is the sounder way.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from wardcast.fetch.addresses import Address
from wardcast.fetch.download import Wanted, download
from wardcast.fetch.extent import Box, area_extent
from wardcast.fetch.failure import FetchError, TooLargeError
from wardcast.fetch.force import area_forces
from wardcast.fetch.manifest import STATE_FOLDER
from wardcast.fetch.months import month_after, published_months, wanted_months
from wardcast.fetch.remote_file import RemoteFile, open_remote
from wardcast.fetch.unpacking import damage_told, member_rows
from wardcast.fetch.visit import FileResult, Status, Visit

_MEMBER = re.compile(r"(\d{4}-\d{2})/\1-([a-z-]+)-street\.csv")
_FIRST_ARCHIVE = "2013-12"
"""The first archive there is; it holds the months before it too."""

_LATER_ARCHIVES = 3
"""An archive that does not exist is looked for this many months on."""

PACKED_BYTES = 100_000_000
"""Most packed bytes of one month's file, which is held in memory; the largest force's have some six million."""

_ABSENT = ("status 404", "status 403")
"""How a server says that an archive does not exist; a file store without a listing says 403."""

_NOT_THERE = "data.police.uk holds no street file of the force for this month; it stays missing, and is not zero."

_HEADER_BYTES = 1 << 12
"""More than a member's own header in the archive."""


@dataclass(frozen=True, kw_only=True)
class _Archive:
    """An opened archive.

    Attributes:
        address: Where it is.
        zip: Its contents.
        remote: The file behind it, where it is read in parts.
        whole: The file behind it, where it was downloaded.
    """

    address: str
    zip: zipfile.ZipFile
    remote: RemoteFile | None
    whole: Path | None

    def close(self) -> None:
        """Close it; a downloaded one is deleted."""
        self.zip.close()
        if self.whole is not None:
            self.whole.unlink(missing_ok=True)

    def members(self) -> dict[tuple[str, str], zipfile.ZipInfo]:
        """Return the street files by month and force."""
        found = {}
        for member in self.zip.infolist():
            if match := _MEMBER.fullmatch(member.filename):
                found[match[1], match[2]] = member
        return found


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """One month's file.

    Attributes:
        archive: The archive that holds it.
        member: It, in the archive.
        file: Its path below the data folder, never taken from the archive.
        box: Where its rows have to lie; None keeps all.
    """

    archive: _Archive
    member: zipfile.ZipInfo
    file: str
    box: Box | None


def fetch_street_archive(address: Address, visit: Visit) -> Iterator[FileResult]:
    """Fetch an area's street files month by month.

    A month that is here already is not fetched again: later archives revise it a little, which `--refresh` takes in.

    Args:
        address: The row.
        visit: The run.

    Yields:
        What became of each month's file.

    Raises:
        FetchError: Neither the months published nor an archive can be had.
    """
    published = published_months(visit)
    forces = area_forces(visit)
    missing: list[str] = []
    for month in wanted_months(visit, published):
        entries = [visit.held(_file(address, month, force)) for force in forces]
        sound = [entry for entry in entries if entry is not None]
        if len(sound) == len(forces):
            yield from (visit.unchanged(entry) for entry in sound)
        else:
            missing.append(month)
    box = area_extent(visit)
    while missing:
        with closing(_newest_archive(address, missing[-1], visit)) as archive:
            members = archive.members()
            held = {month for month, _ in members}
            if not held:
                raise FetchError(expected="an archive of street files", found="none in it", address=archive.address)
            here = [month for month in missing if month >= min(held)]
            if not here:
                raise FetchError(
                    expected=f"street files of {missing[-1]}",
                    found=f"those of {min(held)} to {max(held)}",
                    mend="Ask for later months with --since.",
                    address=archive.address,
                )
            for month in here:
                for force in forces:
                    file = _file(address, month, force)
                    member = members.get((month, force))
                    if member is None:
                        yield FileResult(id=address.id, file=file, status=Status.ABSENT, note=_NOT_THERE)
                    else:
                        visit.tell(f"{address.id}: {force}, {month}")
                        yield _extracted(address, _Wanted(archive=archive, member=member, file=file, box=box), visit)
        missing = [month for month in missing if month < min(held)]


def _file(address: Address, month: str, force: str) -> str:
    return address.file.replace("{month}", month).replace("{force}", force)


def _extracted(address: Address, wanted: _Wanted, visit: Visit) -> FileResult:
    """Take one month's file out of an archive."""
    try:
        text, note = _cropped(wanted)
    except FetchError as error:
        return visit.failed(address, error, file=wanted.file)

    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8", newline="")

    came_from = f"{wanted.archive.address}#{wanted.member.filename}"
    return visit.make(address, file=wanted.file, came_from=came_from, write=write, note=note)


def _cropped(wanted: _Wanted) -> tuple[str, str]:
    """Return a member's rows near the area as text (some 20 MB at most), and what was left out."""
    archive, member, box = wanted.archive, wanted.member, wanted.box
    if member.compress_size > PACKED_BYTES:
        raise TooLargeError(PACKED_BYTES, archive.address)
    if archive.remote is not None:
        with damage_told("archive"):
            archive.remote.fetch(member.header_offset, member.header_offset + member.compress_size + _HEADER_BYTES)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    total = kept = unplaced = 0
    with member_rows(archive.zip, member.filename) as rows:
        header = next(rows, [])
        if not {"Month", "Longitude", "Latitude", "Crime type"} <= set(header):
            raise FetchError(expected="a street file", found=f"a table with {', '.join(header[:6]) or 'no header'}")
        writer.writerow(header)
        longitude, latitude = header.index("Longitude"), header.index("Latitude")
        for row in rows:
            total += 1
            if len(row) != len(header):
                raise FetchError(expected=f"{len(header)} fields in row {total + 1}", found=f"{len(row)}")
            if box is not None and not row[longitude]:
                unplaced += 1
            elif box is None or box.holds(row[longitude], row[latitude]):
                kept += 1
                writer.writerow(row)
    if box is None:
        return stream.getvalue(), ""
    note = f"{kept:,} of the force's {total:,} rows lie around the area and were kept; {unplaced:,} have no place."
    return stream.getvalue(), note


def _newest_archive(address: Address, month: str, visit: Visit) -> _Archive:
    """Open the archive of a month, or the next one there is."""
    month = max(month, _FIRST_ARCHIVE)
    for _ in range(_LATER_ARCHIVES):
        try:
            return _opened(address, month, visit)
        except FetchError as error:
            if not error.found.startswith(_ABSENT):
                raise
            month = month_after(month)
    return _opened(address, month, visit)


def _opened(address: Address, month: str, visit: Visit) -> _Archive:
    """Open an archive in parts, or download it whole."""
    url = address.address.replace("{month}", month)
    visit.tell(f"{address.id}: opening the archive of {month}")
    remote = open_remote(visit.connection, url, max_bytes=address.max_bytes)
    whole: Path | None = None
    if remote is None:
        visit.tell(f"{address.id}: the server gives no parts; downloading the whole archive of {month}, some 1.7 GB")
        whole = visit.folder / STATE_FOLDER / "archives" / f"policeuk-{month}.zip"
        wanted = Wanted(
            address=url,
            target=whole,
            folder=visit.folder,
            max_bytes=address.max_bytes,
            md5=address.md5,
            known=None,
            check=_check_zip,
        )
        download(wanted, visit.connection)
    with damage_told("archive"):
        # A RawIOBase has what zipfile asks of a file; the stubs want the wider protocol.
        opened = zipfile.ZipFile(cast("IO[bytes]", remote) if whole is None else whole)
    return _Archive(address=url, zip=opened, remote=remote, whole=whole)


def _check_zip(path: Path) -> str:
    if not zipfile.is_zipfile(path):
        raise FetchError(expected="a zip archive", found="another file")
    return "a zip archive"
