"""Census 2021 from Nomis: a table by ward over its API, and a bulk table of which the area's rows are kept."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from wardcast.fetch.addresses import Address
from wardcast.fetch.area_codes import area_codes
from wardcast.fetch.download import Wanted, download
from wardcast.fetch.failure import FetchError
from wardcast.fetch.manifest import STATE_FOLDER
from wardcast.fetch.unpacking import damage_told, member_rows
from wardcast.fetch.visit import FileResult, Visit

NOMIS_MOST_ROWS = 25_000
"""Nomis cuts longer answers off without saying so."""

_RENAMED = {
    "geography_code": "ward_code",
    "geography_name": "ward_name",
    "c2021_restype_3": "restype_code",
    "c2021_restype_3_name": "restype",
    "obs_value": "count",
}
"""Nomis columns, and what the reader of Census residents by ward calls them."""


def fetch_nomis(address: Address, visit: Visit) -> Iterator[FileResult]:
    """Fetch Census residents of an area's wards.

    Args:
        address: The row.
        visit: The run.

    Yields:
        What became of the file.

    Raises:
        FetchError: Nomis does not answer with such a table, or has cut it.
    """
    if entry := visit.held(address.file):
        yield visit.unchanged(entry)
        return
    visit.tell(f"{address.id}: {address.title}")
    wards = area_codes(visit).wards
    text = visit.connection.read(address.address, max_bytes=address.max_bytes).decode("utf-8-sig", errors="replace")
    rows = list(csv.reader(io.StringIO(text)))
    header = [name.strip().lower() for name in rows[0]] if rows else []
    if not set(_RENAMED) <= set(header):
        found = f"the columns {', '.join(header[:8])}" if header else "an empty answer"
        raise FetchError(expected=f"a table with the columns {', '.join(_RENAMED)}", found=found)
    if len(rows) - 1 >= NOMIS_MOST_ROWS:
        raise FetchError(
            expected=f"fewer than {NOMIS_MOST_ROWS:,} rows",
            found=f"{len(rows) - 1:,}, where Nomis cuts answers off",
            mend="Name a smaller geography with --addresses FILE.",
        )
    places = [header.index(name) for name in _RENAMED]
    kept = [[row[place] for place in places] for row in rows[1:] if row and row[places[0]] in wards]

    def write(path: Path) -> None:
        _write_rows(path, list(_RENAMED.values()), kept, what=f"wards of {visit.area.name}")

    note = "Columns renamed, wards of other areas left out."
    yield visit.make(address, file=address.file, came_from=address.address, write=write, note=note)


def fetch_zip_table(address: Address, visit: Visit) -> Iterator[FileResult]:
    """Fetch a zip archive and keep the area's rows of one table in it.

    Args:
        address: The row; `select` names the table, `fields` its column of LSOA codes.
        visit: The run.

    Yields:
        What became of the file.

    Raises:
        FetchError: The archive cannot be had or does not hold such a table.
    """
    if entry := visit.held(address.file):
        yield visit.unchanged(entry)
        return
    visit.tell(f"{address.id}: {address.title}")
    lsoas = area_codes(visit).lsoas
    archive = visit.folder / STATE_FOLDER / "archives" / f"{address.id}.zip"
    wanted = Wanted(
        address=address.address,
        target=archive,
        folder=visit.folder,
        max_bytes=address.max_bytes,
        md5=address.md5,
        known=None,
        check=lambda path: _zip_with(path, address.select),
    )
    try:
        download(wanted, visit.connection)
        yield visit.make(
            address,
            file=address.file,
            came_from=address.address,
            write=lambda path: _write_member(path, archive, address, lsoas, visit.area.name),
            note="Rows of other areas left out.",
        )
    finally:
        archive.unlink(missing_ok=True)


def _zip_with(path: Path, member: str) -> str:
    """Check that a file is a zip archive with a member."""
    with damage_told("zip archive"), zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    if member not in names:
        raise FetchError(expected=f"an archive with {member}", found=", ".join(names[:8]) or "an empty one")
    return "a zip archive"


def _write_member(path: Path, archive: Path, address: Address, lsoas: frozenset[str], area: str) -> None:
    """Write the area's rows of a table in an archive."""
    with zipfile.ZipFile(archive) as opened, member_rows(opened, address.select) as rows:
        header = next(rows, [])
        if address.fields not in header:
            raise FetchError(expected=f"a table with the column {address.fields!r}", found=", ".join(header[:8]))
        place = header.index(address.fields)
        kept = [row for row in rows if len(row) > place and row[place] in lsoas]
    _write_rows(path, header, kept, what=f"small areas of {area}")


def _write_rows(path: Path, header: list[str], rows: list[list[str]], *, what: str) -> None:
    if not rows:
        raise FetchError(expected=what, found="none in the table")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
