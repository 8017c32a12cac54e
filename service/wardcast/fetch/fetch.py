"""Fetching an area's files, row by row of the address table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wardcast.fetch.addresses import Address, Kind
from wardcast.fetch.area import FetchArea
from wardcast.fetch.census import fetch_nomis, fetch_zip_table
from wardcast.fetch.connection import Connection
from wardcast.fetch.datastore import fetch_dataset
from wardcast.fetch.failure import FetchError
from wardcast.fetch.features import fetch_features
from wardcast.fetch.manifest import Manifest
from wardcast.fetch.one_run import one_run
from wardcast.fetch.street_archive import fetch_street_archive
from wardcast.fetch.visit import Fetcher, FileResult, Status, Visit
from wardcast_models.progress import Progress, silent


@dataclass(frozen=True, kw_only=True)
class FetchReport:
    """What became of a run.

    Attributes:
        area: The area.
        folder: The data folder.
        results: Every file, in the order fetched.
        received_bytes: Bytes of all answers: of an archive more travels than is kept.
    """

    area: FetchArea
    folder: Path
    results: tuple[FileResult, ...]
    received_bytes: int

    def of(self, status: Status) -> tuple[FileResult, ...]:
        """Return the files that something became of."""
        return tuple(result for result in self.results if result.status is status)

    @property
    def complete(self) -> bool:
        """Whether nothing failed."""
        return not self.of(Status.FAILED)


def fetch(
    rows: Iterable[Address],
    *,
    table: tuple[Address, ...],
    area: FetchArea,
    folder: Path,
    connection: Connection,
    since: str | None = None,
    until: str | None = None,
    refresh: bool = False,
    progress: Progress = silent,
) -> FetchReport:
    """Fetch files; what fails is reported and the rest is kept.

    Args:
        rows: Rows of the address table to fetch, in table order.
        table: The whole table.
        area: The area.
        folder: Folder to write to; made where it does not exist.
        connection: The way out.
        since: First month of monthly files, `YYYY-MM`.
        until: Last month of monthly files, `YYYY-MM`.
        refresh: Fetch everything again, what is here and unchanged too.
        progress: Told about each row; fractions from 0 to 1.

    Returns:
        What became of each file.

    Raises:
        WardcastError: The folder cannot be written in, another run is filling it, or it holds another area's files.
    """
    chosen = list(rows)
    fraction = 0.0

    def tell(phrase: str) -> None:
        progress(fraction, phrase)

    results: list[FileResult] = []
    with one_run(folder):
        visit = Visit(
            area=area,
            folder=folder,
            connection=connection,
            manifest=Manifest.open(folder, area=area.code),
            table=table,
            refresh=refresh,
            since=since,
            until=until,
            tell=tell,
        )
        for position, address in enumerate(chosen):
            fraction = position / len(chosen)
            tell(f"{address.id}: asking {address.source}")
            results.extend(_results(address, visit))
    received_bytes = connection.received_bytes
    return FetchReport(area=area, folder=folder, results=tuple(results), received_bytes=received_bytes)


def _results(address: Address, visit: Visit) -> Iterator[FileResult]:
    try:
        yield from _FETCHERS[address.kind](address, visit)
    except FetchError as error:
        yield visit.failed(address, error)
    except OSError as error:
        found = error.strerror or str(error)
        unwritten = FetchError(
            expected="a folder that can be written to", found=found, mend="Make room, or name another."
        )
        yield visit.failed(address, unwritten)


def _fetch_file(address: Address, visit: Visit) -> Iterator[FileResult]:
    """Fetch a file as it is."""
    yield visit.download(address, file=address.file, came_from=address.address, md5=address.md5)


_FETCHERS: dict[Kind, Fetcher] = {
    Kind.FILE: _fetch_file,
    Kind.DATASET: fetch_dataset,
    Kind.FEATURES: fetch_features,
    Kind.NOMIS: fetch_nomis,
    Kind.ZIP_TABLE: fetch_zip_table,
    Kind.STREET_ARCHIVE: fetch_street_archive,
}
