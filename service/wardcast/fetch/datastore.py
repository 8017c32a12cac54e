"""London Datastore: a data set's listing (DataPress API v3) names its newest files, whose addresses change monthly.

Where a data set is no longer under its id, the publisher's catalogue of all data sets is asked for it by its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

import httpx

from wardcast.fetch.addresses import Address, by_id
from wardcast.fetch.failure import MOVED, FetchError
from wardcast.fetch.older_releases import is_older_release
from wardcast.fetch.visit import FileResult, Status, Visit

CATALOGUE_ID = "datastore-catalogue"
"""Row of the address table that lists every data set."""

_GONE = ("status 404", "status 410")
"""How a data set answers that is no longer under its id."""

_MD5 = re.compile(r"[0-9a-f]{32}")
_DAY = re.compile(r"20\d{2}-\d{2}-\d{2}(?=T|\b)")
_UNSAFE = re.compile(r"[^\w ().,&+-]")
_SUFFIX = re.compile(r"\.(csv|xlsx|xls|zip|gz|parquet|json|geojson)", re.IGNORECASE)
_OTHER_SUFFIX = re.compile(r"\.[a-z]{3,4}", re.IGNORECASE)
_TITLES_SHOWN = 12
_NAME_CHARACTERS = 120


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One file of a data set.

    Attributes:
        title: What the publisher calls it.
        address: Where it is now.
        md5: Its published checksum, or "".
        format: Its format as listed, or "".
        edition: What orders editions of one title: the end of the time it covers, then when it was put there.
        published: Day on which it was put there, `YYYY-MM-DD`, or "".
    """

    title: str
    address: str
    md5: str
    format: str
    edition: tuple[str, str]
    published: str

    @property
    def is_csv(self) -> bool:
        """Whether it is a CSV file."""
        return self.file_name.lower().endswith(".csv")

    @property
    def readable(self) -> bool:
        """Whether it may be data by its ending: questionnaires and notes come as PDF and the like."""
        ending = PurePosixPath(self.file_name).suffix
        return _SUFFIX.fullmatch(ending) is not None or not _OTHER_SUFFIX.fullmatch(ending)

    @property
    def file_name(self) -> str:
        """A file name made of the title: no folder, no odd characters, and an ending that says the format."""
        name = _UNSAFE.sub("_", self.title).strip(" .")[:_NAME_CHARACTERS] or "file"
        if _SUFFIX.fullmatch(PurePosixPath(name).suffix):
            return name
        ending = f".{self.format.lower()}"
        if not _SUFFIX.fullmatch(ending):
            ending = PurePosixPath(httpx.URL(self.address).path).suffix
        return f"{name}{ending if _SUFFIX.fullmatch(ending) else ''}"


def fetch_dataset(address: Address, visit: Visit) -> Iterator[FileResult]:
    """Fetch the files of a data set whose titles fit the row.

    Of releases the newest of each title is taken. Other data sets keep their earlier editions beside the newest under
    titles of their own (surveys name the quarter): only the newest of all is taken, which holds the others.

    Args:
        address: The row.
        visit: The run.

    Yields:
        What became of each file.

    Raises:
        FetchError: The listing cannot be read, or no title fits.
    """
    listed = resources(_listing(address, visit), address.address)
    fitting = [
        resource
        for resource in listed
        if resource.readable and re.fullmatch(address.select, resource.title, re.IGNORECASE)
    ]
    if not fitting:
        titles = [resource.title for resource in listed]
        shown = ", ".join(titles[:_TITLES_SHOWN]) + (" and more" if len(titles) > _TITLES_SHOWN else "")
        raise FetchError(
            expected=f"a file titled like {address.title!r}",
            found=shown or "a data set without files",
            mend=f"{MOVED} If it only has a new title, write that in the column select (now {address.select!r}).",
        )
    newest = _newest(fitting) if address.release else [max(fitting, key=_edition)]
    for resource in newest:
        file = file_of(address, resource)
        result = visit.download(
            address,
            file=file,
            came_from=resource.address,
            md5=address.md5 or resource.md5,
            published=resource.published,
        )
        listed_now = {file_of(address, each) for each in newest}
        if result.status is not Status.FAILED and (moved := _set_renamed_aside(address, visit, listed_now)):
            note = f"The publisher has renamed it; the earlier file is now {', '.join(moved)}."
            result = replace(result, note=" ".join(part for part in (result.note, note) if part), older=moved[0])
        yield result


def _newest(fitting: list[Resource]) -> list[Resource]:
    """Return the newest of each title; of one title as CSV and as a workbook, the CSV: both would count twice."""
    found: dict[str, Resource] = {}
    for resource in sorted(fitting, key=lambda resource: (resource.is_csv, resource.edition)):
        found[PurePosixPath(resource.file_name).stem.casefold()] = resource
    return list(found.values())


def _edition(resource: Resource) -> tuple[tuple[str, str], bool]:
    return resource.edition, resource.is_csv


def _listing(address: Address, visit: Visit) -> Any:
    """Read a data set's listing, by its id or else out of the catalogue."""
    try:
        return visit.listing(address.address)
    except FetchError as error:
        if not error.found.startswith(_GONE):
            raise
        visit.tell(f"{address.id}: looking for the data set in the catalogue of {address.source}")
        try:
            listed = visit.listing(by_id(visit.table, CATALOGUE_ID).address)
        except FetchError as unanswered:
            raise _nowhere(address, error, f"the catalogue did not answer ({unanswered.found})") from unanswered
        for item in listed if isinstance(listed, list) else []:
            if isinstance(item, dict) and _words(str(item.get("title"))) == _words(address.dataset):
                return item
        raise _nowhere(address, error, "no such title in the catalogue") from error


def _nowhere(address: Address, under_id: FetchError, in_catalogue: str) -> FetchError:
    return FetchError(
        expected=f"the data set {address.dataset!r}",
        found=f"{under_id.found} under its id, and {in_catalogue}",
        address=address.address,
    )


def _words(title: str) -> list[str]:
    return re.findall(r"\w+", title.casefold())


def file_of(address: Address, resource: Resource) -> str:
    """Return the path of a resource below the data folder."""
    return address.file.replace("{title}", resource.file_name)


def _set_renamed_aside(address: Address, visit: Visit, listed: set[str]) -> list[str]:
    """Move files out of the way that the publisher lists under another title now: both would be read."""
    moved = []
    for entry in visit.manifest.of_row(address.id):
        gone = entry.file not in listed and not entry.file.startswith(".") and not is_older_release(entry.file)
        if gone and visit.manifest.sound(entry.file) is not None:
            moved.append(visit.set_aside(address, entry))
    return moved


def resources(listing: Any, address: str) -> list[Resource]:
    """Read a data set's listing.

    Args:
        listing: The JSON; its `resources` are a mapping by id, or a list.
        address: Where it came from, which relative addresses are joined to.

    Returns:
        Its files.

    Raises:
        FetchError: It is no such listing.
    """
    found = listing.get("resources") if isinstance(listing, dict) else None
    items = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise FetchError(expected="a data set's listing with its resources", found="other JSON", address=address)
    return [_resource(item, address) for item in items if item.get("url") and item.get("title")]


def _resource(item: dict[str, Any], address: str) -> Resource:
    put_there = str(item.get("timestamp") or item.get("check_timestamp") or "")
    span = item.get("timeframe")
    # A data set's own listing has the span apart, the catalogue has it spread out.
    last = span.get("to") if isinstance(span, dict) else item.get("timeframeTo")
    md5 = str(item.get("hash") or item.get("check_hash") or "").lower()
    try:
        url = str(httpx.URL(address).join(str(item["url"])))
    except httpx.InvalidURL as error:
        raise FetchError(expected="an address for each file", found=repr(item["url"]), address=address) from error
    return Resource(
        title=str(item["title"]).strip(),
        address=url,
        md5=md5 if _MD5.fullmatch(md5) else "",
        format=str(item.get("format") or ""),
        edition=(str(last or ""), put_there),
        published=day[0] if (day := _DAY.match(str(item.get("timestamp") or ""))) else "",
    )
