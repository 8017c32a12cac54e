"""The address table: where each official file is, what it gives and how sure its address is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path, PurePosixPath

import httpx

from wardcast.fetch.area import FetchArea
from wardcast.fetch.connection import LOOPBACK
from wardcast.fetch.own_rows import own_rows
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.reference.tables import packaged_rows

_TABLE = "addresses.csv"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Kind(StrEnum):
    """How an address is asked."""

    FILE = "file"
    """A file as it is."""
    DATASET = "dataset"
    """A Datastore data set, whose listing names the newest files by title."""
    FEATURES = "features"
    """An ArcGIS feature service, asked page by page."""
    NOMIS = "nomis"
    """A Nomis table as CSV."""
    ZIP_TABLE = "zip table"
    """One table in a zip archive, of which the area's rows are kept."""
    STREET_ARCHIVE = "street archive"
    """The data.police.uk archive."""
    INTERNAL = "internal"
    """Asked by another row's kind; gives no file."""


class Areas(StrEnum):
    """Which areas a row is for."""

    LONDON = "london"
    ELSEWHERE = "elsewhere"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Address:
    """One row of the table.

    Attributes:
        id: Its name on the command line.
        source: Publisher.
        title: What the publisher calls it.
        gives: What it gives a plan.
        kind: How it is asked.
        areas: Which areas it is for.
        release: Whether earlier editions are kept to be read beside the newest.
        standard: Whether it is fetched unless `--sources` says otherwise.
        address: The address, with `{month}` and the like where it varies.
        dataset: Title of its data set in the publisher's catalogue, by which it is found if its id has changed, or "".
        file: Path below the data folder, with `{title}` and the like where it varies.
        select: What is taken of it, in the words of its kind.
        fields: Columns taken, separated by commas.
        licence: Its licence.
        layout: Words of the reader that has to recognise the file.
        md5: Published checksum of the address's file, or "".
        max_bytes: Most bytes one download may have.
        confirmed: Whether public evidence says that the address is right; none could be called while it was written.
        evidence: What that evidence is.
        checked: Month in which it was looked at, `YYYY-MM`.
        notes: What else to know.
    """

    id: str
    source: str
    title: str
    gives: str
    kind: Kind
    areas: Areas
    release: bool
    standard: bool
    address: str
    dataset: str
    file: str
    select: str
    fields: str
    licence: str
    layout: str
    md5: str
    max_bytes: int
    confirmed: bool
    evidence: str
    checked: str
    notes: str

    def is_for(self, area: FetchArea) -> bool:
        """Tell whether the row is for an area."""
        return self.areas is Areas.ALL or (self.areas is Areas.LONDON) == area.in_london


COLUMNS = tuple(field.name for field in fields(Address))
"""Columns of the table."""


def addresses(overrides: Path | None = None) -> tuple[Address, ...]:
    """Return the packaged table, with the rows of a file of one's own in place of those of the same id.

    Args:
        overrides: A CSV file with `id` and any further columns of the table; columns left out and empty cells stay as
            packaged. A new id needs every column.

    Returns:
        The rows, in the order fetched.

    Raises:
        WardcastError: The file cannot be read or a cell is wrong; all such cells are told.
    """
    rows = {row["id"]: row for row in packaged_rows(_TABLE, package="wardcast.fetch")}
    name = _TABLE
    if overrides is not None:
        name = overrides.name
        for own in own_rows(overrides, columns=COLUMNS):
            rows[own["id"]] = {**rows.get(own["id"], {}), **own}
    problems: list[Problem] = []
    table = [_address(row, name, problems) for row in rows.values()]
    if problems:
        raise invalid_input(f"The address table {name} cannot be used.", *problems)
    return tuple(address for address in table if address is not None)


def choose(table: Sequence[Address], *, area: FetchArea, sources: Iterable[str] | None) -> tuple[Address, ...]:
    """Return the rows to fetch.

    Args:
        table: The table.
        area: The area.
        sources: Ids asked for; None for the standard ones.

    Returns:
        The rows, in table order.

    Raises:
        WardcastError: An id is unknown or not for the area.
    """
    offered = {row.id: row for row in table if row.kind is not Kind.INTERNAL}
    if sources is None:
        return tuple(row for row in offered.values() if row.standard and row.is_for(area))
    wanted = tuple(sources)
    fitting = [identifier for identifier, row in offered.items() if row.is_for(area)]
    wrong = [identifier for identifier in wanted if identifier not in fitting]
    if wrong or not wanted:
        raise invalid_input(
            f"There is no source {', '.join(wrong)} for {area.name}." if wrong else "No source is asked for.",
            Problem(
                where="--sources",
                expected=f"ids among {', '.join(fitting)}",
                found=", ".join(wanted) or "none",
                mend="See wardcast fetch --list.",
            ),
        )
    return tuple(row for row in offered.values() if row.id in wanted)


def by_id(table: Iterable[Address], identifier: str) -> Address:
    """Return one row.

    Args:
        table: The table.
        identifier: Its id, of a packaged row.

    Returns:
        The row.
    """
    return next(row for row in table if row.id == identifier)


def _address(row: dict[str, str], name: str, problems: list[Problem]) -> Address | None:
    """Check one row; every wrong cell is added to the problems."""
    missing = [column for column in COLUMNS if column not in row]
    if missing:
        problems.append(
            Problem(
                where=f"{name}, row {row['id']}",
                expected="the id of a source that there is, or every column for a new one",
                found=f"a new id without {', '.join(missing)}",
                mend="Check the spelling of the id with wardcast fetch --list, or fill in the columns.",
            )
        )
        return None
    wrong = {column: words for column, words in _EXPECTED.items() if not _FITS[column](row)}
    for column, expected in wrong.items():
        where = f"{name}, row {row['id']}, column {column}"
        found = repr(row[column]) if column != "address" else _shown_address(row[column])
        problems.append(Problem(where=where, expected=expected, found=found, mend="Correct the cell."))
    if wrong:
        return None
    return Address(
        **{column: row[column] for column in COLUMNS if column not in _TYPED},
        kind=Kind(row["kind"]),
        areas=Areas(row["areas"]),
        release=row["release"] == "yes",
        standard=row["standard"] == "yes",
        confirmed=row["confirmed"] == "yes",
        max_bytes=int(row["max_bytes"]),
    )


def _usable_address(text: str) -> bool:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return False
    secured = url.scheme == "https" or (url.scheme == "http" and url.host in LOOPBACK)
    return secured and bool(url.host) and not url.userinfo


def _shown_address(text: str) -> str:
    """Say what sort of address a wrong one is, and never the whole of it: it may hold a password."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return "text that is no address"
    if url.userinfo:
        return "one with a user name or password in it"
    return f"one that begins with {url.scheme}://" if url.scheme and url.host else "text that is no address"


def _below_the_folder(text: str) -> bool:
    parts = PurePosixPath(text).parts
    return bool(parts) and not text.startswith("/") and not any(part.startswith(".") for part in parts)


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


_TYPED = ("kind", "areas", "release", "standard", "confirmed", "max_bytes")
"""Columns that are no text."""

_YES_NO = ("yes", "no")

_EXPECTED = {
    "id": "small letters, digits and dashes",
    "kind": f"one of {', '.join(Kind)}",
    "areas": f"one of {', '.join(Areas)}",
    "release": "yes or no",
    "standard": "yes or no",
    "confirmed": "yes or no",
    "address": "an https address without user name and password",
    "file": "a path below the data folder",
    "select": "a regular expression",
    "layout": "a regular expression",
    "max_bytes": "a whole number above 0",
}
"""What each checked column holds."""

_FITS: dict[str, Callable[[dict[str, str]], bool]] = {
    "id": lambda row: _ID.fullmatch(row["id"]) is not None,
    "kind": lambda row: row["kind"] in set(Kind),
    "areas": lambda row: row["areas"] in set(Areas),
    "release": lambda row: row["release"] in _YES_NO,
    "standard": lambda row: row["standard"] in _YES_NO,
    "confirmed": lambda row: row["confirmed"] in _YES_NO,
    "address": lambda row: _usable_address(row["address"]),
    "file": lambda row: row["kind"] == Kind.INTERNAL or _below_the_folder(row["file"]),
    "select": lambda row: _is_pattern(row["select"]),
    "layout": lambda row: _is_pattern(row["layout"]),
    "max_bytes": lambda row: row["max_bytes"].isdigit() and int(row["max_bytes"]) > 0,
}
"""Whether each of them does."""
